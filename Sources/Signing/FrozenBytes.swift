internal import CCrypto
internal import Wire

/// Bytes that are written once and then only read, by any thread: what of a signature never changes, and what of it is secret.
///
/// They are overwritten when the last reference goes, and no description shows them.
@safe
public final class FrozenBytes: @unchecked Sendable {
  // Safe, for every `unsafe` below, and Sendable: the memory is allocated, written and freed here alone, and between `init` and
  // `deinit` only read, through spans that borrow the object.
  private let memory: UnsafeMutableBufferPointer<UInt8>

  /// The bytes of `buffer`, which must have been large enough for what was written into it; it is overwritten.
  init(_ buffer: consuming ByteBuffer) {
    precondition(!buffer.overflowed)
    unsafe memory = .allocate(capacity: buffer.count)
    for i in 0..<buffer.count { unsafe memory[i] = buffer.bytes[i] }
    var bytes = buffer.mutableBytes
    slotd_wipe(&bytes)
  }

  /// A copy of `bytes`.
  public convenience init(_ bytes: Span<UInt8>) {
    var buffer = ByteBuffer(capacity: max(bytes.count, 1))
    buffer.append(bytes)
    self.init(buffer)
  }

  /// The bytes of `text`.
  convenience init(_ text: String) { self.init(text.utf8.span) }

  deinit {
    if let first = unsafe memory.baseAddress { unsafe slotd_wipe(first, memory.count) }
    unsafe memory.deallocate()
  }

  /// The bytes.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(memory.span, borrowing: self) }
  }
}
