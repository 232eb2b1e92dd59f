internal import CCrypto
public import Wire

/// Random bytes of the operating system's generator, fetched in pieces so that most tokens cost no system call.
///
/// What was handed out is overwritten at once: nobody who reads the memory later learns a token from it.
public struct RandomBytes: ~Copyable {
  private var pool = [1024 of UInt8](repeating: 0)
  private var used: Int

  /// A generator that has fetched nothing yet.
  public init() { used = pool.count }

  /// Appends `count` random bytes in hexadecimal digits; false when the system has none, and then nothing was appended.
  public mutating func appendHex(_ count: Int, to buffer: inout ByteBuffer) -> Bool {
    guard count <= pool.count else { return false }
    if pool.count - used < count {
      var span = pool.mutableSpan
      guard slotd_random(&span) == 0 else { return false }
      used = 0
    }
    buffer.append(hex: pool.span.extracting(used..<used + count))
    for i in used..<used + count { pool[i] = 0 }
    used += count
    return true
  }
}
