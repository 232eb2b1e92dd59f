internal import Wire

/// Buffers of one size that connections borrow while they hold bytes: last in, first out, so that the warm one is used again.
///
/// It makes a buffer when it has none, and keeps a few. What a crowd needs beyond them is freed, so that the process can give it back.
struct BufferPool: ~Copyable {
  private var free: Slab<ByteBuffer>
  private let bytes: Int

  /// Buffers that are kept. A connection holds one for as long as a part of a request or of an answer is in it, which mostly is not
  /// longer than its turn.
  static let keptMax = 64

  /// A pool of buffers of `bytes` bytes.
  init(bytes: Int) {
    free = Slab(capacity: Self.keptMax)
    self.bytes = bytes
  }

  mutating func borrow() -> ByteBuffer {
    free.count > 0 ? free.removeLast() : ByteBuffer(capacity: bytes)
  }

  mutating func giveBack(_ buffer: consuming ByteBuffer) {
    guard free.count < free.capacity else { return }
    buffer.clear()
    free.append(buffer)
  }
}
