import Glibc

/// Bytes that must not be seen: a secret access key, a bearer token, the key of a hash.
///
/// They are never printed (every description says `(secret)`), compared without telling where they differ, and
/// overwritten when the last reference is gone. What the bytes came from is not always within reach: a string of the
/// environment or of the TOML text may leave copies, so a `_file` is the better home for a secret.
@safe
public final class Secret: @unchecked Sendable {
  // Sendable though unchecked: the memory is written in `init` and `deinit` alone, where there is one reference.
  private let base: UnsafeMutablePointer<UInt8>
  /// How many bytes there are.
  public let count: Int

  /// Takes the bytes over: `bytes` is overwritten and left empty.
  public init(taking bytes: inout [UInt8]) {
    count = bytes.count
    // Safe: `base` holds `count` bytes (one where there are none, as the allocator wants), all initialized here.
    unsafe base = UnsafeMutablePointer<UInt8>.allocate(capacity: max(count, 1))
    for i in bytes.indices { unsafe base[i] = bytes[i] }
    Self.wipe(&bytes)
  }

  /// Overwrites `bytes` and leaves it empty; it reaches them only where no other variable shares them.
  static func wipe(_ bytes: inout [UInt8]) {
    // Safe: the call writes as many bytes as the buffer has, and is the one a compiler may not leave out.
    unsafe bytes.withUnsafeMutableBytes { buffer in
      if let base = buffer.baseAddress { unsafe explicit_bzero(base, buffer.count) }
    }
    bytes = []
  }

  /// Whether a byte may stand in a secret: visible ASCII, so that it can stand in a header field and is not cut short anywhere.
  static func isAllowed(_ byte: UInt8) -> Bool { (0x21...0x7e).contains(byte) }

  /// A secret of the UTF-8 bytes of `text`.
  public convenience init(_ text: String) {
    var bytes = Array(text.utf8)
    self.init(taking: &bytes)
  }

  deinit {
    // Safe: the memory is this object's own and as long as `count` says.
    unsafe explicit_bzero(base, count)
    unsafe base.deallocate()
  }

  /// The bytes, to be signed with or compared; never to be logged.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span(_unsafeStart: base, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }
}

extension Secret {
  /// The bytes as text, for the one secret-like value that is public in the end: an access key's name.
  var text: String {
    var copy: [UInt8] = []
    for i in bytes.indices { copy.append(bytes[i]) }
    return String(decoding: copy, as: UTF8.self)
  }
}

extension Secret: Equatable {
  /// Whether both hold the same bytes; the time taken depends on the lengths alone.
  public static func == (left: Secret, right: Secret) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for i in left.bytes.indices { difference |= left.bytes[i] ^ right.bytes[i] }
    return difference == 0
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always `(secret)`.
  public var description: String { "(secret)" }
  /// Always `(secret)`.
  public var debugDescription: String { description }
  /// A mirror without children, so that `dump` shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
