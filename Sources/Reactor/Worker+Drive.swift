internal import CLinux
internal import Glibc
internal import Wire

extension Worker {
  /// Where a connection stands when it can go no further for now.
  enum Standing {
    /// It waits for the client, for as long as this deadline lasts.
    case waits(Deadlines.Kind)
    /// It could go on, and lets others have a turn; the deadline is for what it is in the middle of.
    case yields(Deadlines.Kind)
    /// It waits for its sink, which is our own doing and has no deadline.
    case waitsForSink
    /// It is over.
    case over
  }

  /// What the bytes that were read so far lead to.
  enum Digestion {
    /// All of them are used; more may be read.
    case hungry
    /// An answer has to go before there is room for the next.
    case full
    /// The sink has to catch up.
    case stalled
    /// The last answer of the connection is written.
    case done
  }

  /// Bytes that one connection moves before others get a turn.
  private static let bytesPerTurn = 1 << 20

  /// Moves a connection forward as far as it goes, and sees to what it waits for then.
  mutating func drive(_ index: Int) {
    guard var connection = connections[index].take() else { return }
    let standing = advance(&connection, index)
    if connection.unread == 0, let input = connection.input.take() { inputs.giveBack(input) }
    switch standing {
    case .waits(let kind):
      arm(&connection, index, kind)
    case .yields(let kind):
      arm(&connection, index, kind)
      again.append(index)
    case .waitsForSink:
      deadlines.disarm(index)
    case .over:
      connections[index] = consume connection
      return release(index)
    }
    connections[index] = consume connection
  }

  /// Starts a deadline, unless one of its kind runs already for the same thing and too little has come of that.
  private mutating func arm(_ connection: inout Connection, _ index: Int, _ kind: Deadlines.Kind) {
    let isSame = deadlines.kind(index) == kind && !connection.answered
    if isSame, connection.progress < kind.stepBytes { return }
    connection.answered = false
    connection.progress = 0
    deadlines.arm(index, kind, now: clock.monotonic)
  }

  private mutating func advance(_ connection: inout Connection, _ index: Int) -> Standing {
    var moved = 0
    while true {
      let digestion = digest(&connection, index)
      if connection.hasOutput {
        let (standing, sent) = send(&connection)
        moved += sent
        connection.progress += sent
        if let standing { return standing }
      }
      switch digestion {
      case .full:
        break
      case .stalled:
        return .waitsForSink
      case .hungry:
        if let standing = read(&connection, &moved) { return standing }
      case .done:
        guard lingers(&connection) else { return .over }
        connection.input?.clear()
        if let standing = read(&connection, &moved) { return standing }
      }
      if moved > Self.bytesPerTurn { return .yields(deadline(connection)) }
    }
  }

  /// Reads once, if there may be something. Nil when there was; else where the connection stands.
  private mutating func read(_ connection: inout Connection, _ moved: inout Int) -> Standing? {
    let count = connection.readable ? receive(&connection) : -Int(EAGAIN)
    if count > 0 {
      moved += count
      connection.progress += count
      return nil
    }
    // Whoever ends in the middle of a body may still listen, and is told what the server makes of it.
    if count == 0, connection.phase.isBody {
      refuse(&connection, .bodyIncomplete)
      return nil
    }
    // The end of the stream, an error, or nobody to wait for any more.
    guard count == -Int(EAGAIN), !(draining && connection.canEnd) else { return .over }
    return .waits(deadline(connection))
  }

  /// Reads what fits; the count, 0 at the end of the stream, or a negative error number.
  private mutating func receive(_ connection: inout Connection) -> Int {
    if connection.input == nil { connection.input = inputs.borrow() }
    connection.input?.compact()
    let descriptor = connection.descriptor.rawValue
    var room = 0
    let count =
      connection.input?.fillRoom { span in
        room = span.count
        return slotd_receive(descriptor, &span)
      } ?? 0
    // Less than there was room for: the socket is empty. Only where its end was announced is there one more thing to read.
    if count < room, !connection.ended { connection.readable = false }
    return count
  }

  /// What a connection waits for that could read on.
  private func deadline(_ connection: borrowing Connection) -> Deadlines.Kind {
    switch connection.phase {
    case .head: connection.unread > 0 ? .head : draining ? .linger : .idle
    case .wholeBody, .stream, .finishing: .body
    case .closing, .lingering: .linger
    }
  }

  /// Whether a connection whose last answer is sent has to wait for the client to read it: closing while bytes from the client
  /// are unread, or come afterwards, makes its kernel throw the answer away (RFC 9112 §9.6).
  private func lingers(_ connection: inout Connection) -> Bool {
    guard case .closing(let moreMayCome) = connection.phase else { return true }
    guard moreMayCome || connection.readable || connection.unread > 0 else { return false }
    connection.phase = .lingering
    return slotd_shutdown_send(connection.descriptor.rawValue) >= 0
  }
}
