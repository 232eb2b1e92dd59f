internal import Wire

extension Worker {
  /// Gathers a body that is wanted whole behind its head. Nil when it was there and has been answered.
  mutating func digestWhole(
    _ connection: inout Connection, _ decoder: BodyDecoder, _ headBytes: Int, _ bodyBytes: Int,
    _ bytesMax: Int
  ) -> Digestion? {
    guard var input = connection.input.take() else { return .hungry }
    var decoder = decoder
    // What is gathered ends here; between it and `next` stands framing that has been understood. It is closed up once, at the
    // end, because doing it for each chunk would cost the square of the body.
    var end = headBytes + bodyBytes
    var next = end
    while true {
      switch decoder.next(input.bytes.extracting(droppingFirst: next)) {
      case .skip(let count):
        next += count
        // Said to be too large is as good as being it: nobody has to send it first.
        guard decoder.announced <= UInt64(headBytes + bytesMax - end) else {
          connection.input = consume input
          refuse(&connection, .bodyTooLarge)
          return nil
        }
      case .payload(let count):
        input.move(next, count, to: end)
        end += count
        next += count
      case .refused(let refusal):
        connection.input = consume input
        refuse(&connection, refusal)
        return nil
      case .more:
        input.shift(from: next, by: end - next)
        connection.phase = .wholeBody(
          decoder, headBytes: headBytes, bodyBytes: end - headBytes, bytesMax: bytesMax)
        connection.input = consume input
        return .hungry
      case .end:
        input.shift(from: next, by: end - next)
        // The ranges of the head were lost to other requests since; it is parsed again rather than kept.
        _ = head.parse(input.bytes)
        var response = openResponse(&connection, keepsAlive: connection.keepsAlive && !draining)
        let body = ByteRange(headBytes, end)
        services[connection.service].answer(head, input.bytes, body: body, &response)
        connection.phase = .head(seen: 0)
        closeResponse(&connection, response, moreMayCome: false)
        input.take(end)
        connection.input = consume input
        return nil
      }
    }
  }

  /// Hands what is there of a body to its sink. Nil when the body, or the sink's patience, is over.
  mutating func digestStream(
    _ connection: inout Connection, _ decoder: BodyDecoder, _ sink: BodySink
  ) -> Digestion? {
    guard !connection.stalled else { return .stalled }
    var input = connection.input.take() ?? inputs.borrow()
    var decoder = decoder
    var appetite = BodySink.Appetite.more
    var refusal: Refusal?
    taking: while appetite == .more {
      switch decoder.next(input.bytes) {
      case .skip(let count):
        input.take(count)
      case .payload(let count):
        appetite = sink.receive(input.bytes.extracting(first: count))
        input.take(count)
      case .more:
        break taking
      case .end:
        appetite = .enough
      case .refused(let why):
        refusal = why
        break taking
      }
    }
    connection.input = consume input
    if let refusal {
      refuse(&connection, refusal)
      return nil
    }
    switch appetite {
    case .more:
      connection.phase = .stream(decoder, sink)
      return .hungry
    case .later:
      connection.phase = .stream(decoder, sink)
      connection.stalled = true
      return .stalled
    case .enough:
      connection.phase = .finishing(sink, restMayCome: !decoder.isOver)
      return nil
    }
  }

  /// Lets the sink answer. Nil when it has.
  mutating func finish(
    _ connection: inout Connection, _ sink: BodySink, _ restMayCome: Bool
  ) -> Digestion? {
    guard !connection.stalled else { return .stalled }
    guard connection.canTakeAnswer else { return .full }
    // Where the body goes on, nobody reads it, and so nobody finds the next request.
    let keepsAlive = connection.keepsAlive && !restMayCome && !draining
    var response = openResponse(&connection, keepsAlive: keepsAlive)
    guard sink.finish(&response) else {
      response.reset()
      discardResponse(&connection, response)
      connection.stalled = true
      return .stalled
    }
    connection.phase = .head(seen: 0)
    closeResponse(&connection, response, moreMayCome: restMayCome)
    return nil
  }
}
