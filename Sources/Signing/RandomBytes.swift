internal import CCrypto
public import Wire

/// Random bytes of the operating system's generator, fetched in pieces so that most tokens cost no system call.
///
/// What was handed out is overwritten at once: nobody who reads the memory later learns a token from it.
public struct RandomBytes: ~Copyable {
  private var pool = ByteBuffer(capacity: 4_096)

  /// A generator that has fetched nothing yet.
  public init() {}

  /// Appends `count` random bytes in hexadecimal digits; false when the system has none, and then nothing was appended.
  public mutating func appendHex(_ count: Int, to buffer: inout ByteBuffer) -> Bool {
    guard count <= pool.capacity else { return false }
    if pool.count < count {
      pool.clear()
      guard pool.fillRoom({ slotd_random(&$0) == 0 ? $0.count : 0 }) > 0 else { return false }
    }
    buffer.append(hex: pool.bytes.extracting(first: count))
    pool.erase(count)
    return true
  }
}
