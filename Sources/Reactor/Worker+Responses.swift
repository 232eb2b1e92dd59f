internal import Wire

extension Worker {
  /// A response that is written behind those that wait to be sent.
  mutating func openResponse(_ connection: inout Connection, keepsAlive: Bool) -> Response {
    let buffer = connection.output.take() ?? outputs.borrow()
    return Response(
      ResponseWriter(
        into: buffer, date: clock.date, version: connection.version, keepsAlive: keepsAlive,
        withoutBody: connection.withoutBody))
  }

  /// Queues what was written. Where the answer said that it is the last one, the connection ends behind it; `moreMayCome` says
  /// whether the client may be sending all the same.
  mutating func closeResponse(
    _ connection: inout Connection, _ response: consuming Response, moreMayCome: Bool
  ) {
    if response.writer.overflowed {
      response.reset()
      response.problem(
        .internalServerError, kind: nil, detail: "The answer is larger than this server writes.")
    } else if response.writer.status == nil {
      response.problem(
        .internalServerError, kind: nil, detail: "This server has no answer to the request.")
    }
    if !response.writer.keepsAlive { connection.phase = .closing(moreMayCome: moreMayCome) }
    swap(&connection.tail, &response.tail)
    connection.output = response.takeBuffer()
    connection.answered = true
    // What was true of this request need not be of what is refused next.
    connection.withoutBody = false
  }

  /// Gives the buffer of a response back that was not written after all.
  mutating func discardResponse(_ connection: inout Connection, _ response: consuming Response) {
    let buffer = response.takeBuffer()
    if buffer.isEmpty {
      outputs.giveBack(buffer)
    } else {
      connection.output = consume buffer
    }
  }

  /// Answers what is no request, and gives the connection up.
  mutating func refuse(_ connection: inout Connection, _ refusal: Refusal) {
    connection.abandon()
    var response = openResponse(&connection, keepsAlive: false)
    services[connection.service].refuse(refusal, &response)
    closeResponse(&connection, response, moreMayCome: true)
  }

  /// Answers a connection that ran out of time with its request, and gives it up.
  mutating func refuse(_ index: Int, _ refusal: Refusal) {
    guard var connection = connections[index].take() else { return }
    // There is room for the answer: heads and bodies are waited for only while no other answer waits to be sent.
    refuse(&connection, refusal)
    connections[index] = consume connection
    drive(index)
  }
}

extension Connection {
  /// Whether there is room for one more answer behind those that wait to be sent.
  var canTakeAnswer: Bool {
    guard tail.isNone else { return false }
    return switch output {
    case .some(let output): output.room >= Limits.responseRoomMin
    case .none: true
    }
  }
}

extension Response {
  /// Takes the written bytes out.
  consuming func takeBuffer() -> ByteBuffer { writer.finish() }
}
