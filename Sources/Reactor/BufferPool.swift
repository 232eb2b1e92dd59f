internal import Wire

/// Buffers of one size that connections borrow while they hold bytes: last in, first out, so that the warm one is used again.
///
/// It makes a buffer when it has none, up to what the connections of its worker can ask for, and never gives memory back:
/// the peak was needed once and will be again.
struct BufferPool: ~Copyable {
  private var free: Slab<ByteBuffer?>
  private var freeCount = 0
  private let bytes: Int

  /// A pool of buffers of `bytes` bytes, of which at most `count` are kept.
  init(count: Int, bytes: Int) {
    free = Slab(count: count) { _ in nil }
    self.bytes = bytes
  }

  mutating func borrow() -> ByteBuffer {
    if freeCount > 0 {
      freeCount -= 1
      if let buffer = free[freeCount].take() { return buffer }
    }
    return ByteBuffer(capacity: bytes)
  }

  mutating func giveBack(_ buffer: consuming ByteBuffer) {
    guard freeCount < free.count else { return }
    buffer.clear()
    free[freeCount] = consume buffer
    freeCount += 1
  }
}
