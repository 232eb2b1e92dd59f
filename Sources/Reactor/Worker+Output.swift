internal import CLinux
internal import Glibc
internal import Wire

extension Worker {
  /// Bytes of a file that one call hands to the kernel.
  private static let fileBytesPerCall = 1 << 20

  /// Sends what is pending. Nil when all of it went; else where the connection stands. Also how many bytes went.
  mutating func send(_ connection: inout Connection) -> (Standing?, Int) {
    var sent = 0
    while connection.hasOutput {
      guard connection.writable else { return (.waits(.write), sent) }
      let count = connection.output != nil ? sendBuffer(&connection) : sendTail(&connection)
      if count == -Int(EAGAIN) {
        connection.writable = false
        return (.waits(.write), sent)
      }
      // A file that became shorter than it was (0) cannot be answered for any more either.
      if count <= 0 { return (.over, sent) }
      sent += count
      if sent > Self.fileBytesPerCall, !connection.tail.isNone { return (.yields(.write), sent) }
    }
    return (nil, sent)
  }

  private mutating func sendBuffer(_ connection: inout Connection) -> Int {
    guard var output = connection.output.take() else { return 0 }
    let count = slotd_send(
      connection.descriptor.rawValue, output.bytes, !connection.tail.isNone)
    if count > 0 { output.take(min(count, output.count)) }
    if output.isEmpty {
      outputs.giveBack(output)
    } else {
      connection.output = consume output
    }
    return count
  }

  private mutating func sendTail(_ connection: inout Connection) -> Int {
    let socket = connection.descriptor.rawValue
    var tail = Response.Tail.none
    swap(&tail, &connection.tail)
    switch consume tail {
    case .none:
      return 0
    case .bytes(let bytes, let from):
      let count = slotd_send(socket, bytes.span.extracting(droppingFirst: from), false)
      let next = from + max(count, 0)
      if next < bytes.count { connection.tail = .bytes(bytes, from: next) }
      return count
    case .file(let file, let offset, let left):
      let ask = Int(min(left, UInt64(Self.fileBytesPerCall)))
      let count = slotd_sendfile(socket, file.rawValue, offset, ask)
      let rest = left - UInt64(max(count, 0))
      if rest > 0 {
        connection.tail = .file(file, offset: offset + Int64(max(count, 0)), count: rest)
      }
      return count
    }
  }
}
