internal import CLinux
internal import Glibc
internal import Wire

extension Worker {
  /// Where a connection stands when it can go no further for now.
  enum Standing {
    /// It waits for the client, for as long as this deadline lasts.
    case waits(Deadlines.Kind)
    /// It waits for its sink, which is our own doing and has no deadline.
    case waitsForSink
    /// It could go on, and lets others have a turn.
    case yields
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
  func drive(_ index: Int) {
    guard var connection = connections[index].take() else { return }
    let standing = advance(&connection, index)
    if connection.input?.isEmpty == true, let input = connection.input.take() {
      inputs.giveBack(input)
    }
    let progress = connection.progress
    switch standing {
    case .waits(let kind):
      let enough =
        kind == .body
        ? progress >= Timeouts.bodyStepBytes
        : kind == .write ? progress >= Timeouts.writeStepBytes : kind == .idle
      if enough {
        connection.progress = 0
        deadlines.arm(index, kind, now: clock.monotonic)
      } else {
        deadlines.armIfOther(index, kind, now: clock.monotonic)
      }
    case .waitsForSink:
      deadlines.disarm(index)
    case .yields:
      again.append(index)
    case .over:
      connections[index] = consume connection
      return release(index)
    }
    connections[index] = consume connection
  }

  private func advance(_ connection: inout Connection, _ index: Int) -> Standing {
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
        if !connection.woken { return .waitsForSink }
      case .done:
        return close(&connection)
      case .hungry:
        if draining, connection.isIdle { return .over }
        guard connection.readable else { return .waits(deadline(connection)) }
        let count = receive(&connection)
        if count <= 0 {
          if count == -Int(EAGAIN) { return .waits(deadline(connection)) }
          return .over
        }
        moved += count
        connection.progress += count
      }
      if moved > Self.bytesPerTurn { return .yields }
    }
  }

  /// Reads what fits; the count, 0 at the end of the stream, or a negative error number.
  private func receive(_ connection: inout Connection) -> Int {
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
    case .head: connection.unread == 0 ? .idle : .head
    case .wholeBody, .stream, .finishing: .body
    case .closing, .lingering: .linger
    }
  }

  /// Ends a connection whose last answer is sent.
  private func close(_ connection: inout Connection) -> Standing {
    if case .closing(let drops) = connection.phase {
      guard drops, !connection.ended else { return .over }
      guard slotd_shutdown_send(connection.descriptor.rawValue) >= 0 else { return .over }
      connection.phase = .lingering
    }
    // A bounded number of bytes is dropped in a turn; the linger deadline bounds the turns.
    for _ in 0..<16 {
      connection.input?.clear()
      guard connection.readable else { return .waits(.linger) }
      let count = receive(&connection)
      if count == -Int(EAGAIN) { return .waits(.linger) }
      if count <= 0 { return .over }
    }
    connection.input?.clear()
    return .waits(.linger)
  }
}
