internal import Wire

extension Worker {
  /// Makes requests of the bytes that were read, and has them answered, as far as they go.
  func digest(_ connection: inout Connection, _ index: Int) -> Digestion {
    while true {
      switch connection.phase {
      case .closing, .lingering:
        return .done
      case .head:
        guard let input = connection.input.take() else { return .hungry }
        guard connection.canTakeAnswer else {
          connection.input = consume input
          return .full
        }
        let progressed = digestHead(&connection, input, index)
        guard progressed else { return .hungry }
      case .wholeBody(let decoder, let headBytes, let bodyBytes, let bytesMax):
        guard
          digestBody(
            &connection, decoder, headBytes: headBytes, bodyBytes: bodyBytes, bytesMax: bytesMax)
        else { return .hungry }
      case .stream(let decoder):
        switch digestStream(&connection, decoder) {
        case .more: return .hungry
        case .later: return .stalled
        case .enough: break
        }
      case .finishing:
        guard connection.canTakeAnswer else { return .full }
        guard finish(&connection) else { return .stalled }
      }
    }
  }

  // MARK: - Head

  /// Takes one request head off `input`; false when it is not whole yet.
  private func digestHead(
    _ connection: inout Connection, _ input: consuming ByteBuffer, _ index: Int
  ) -> Bool {
    let verdict = head.parse(input.bytes)
    switch verdict {
    case .incomplete:
      let refusal = input.count >= Limits.headBytesMax ? Self.tooLarge(input.bytes) : nil
      connection.input = consume input
      guard let refusal else { return false }
      refuse(&connection, refusal)
    case .refused(let refusal):
      connection.input = consume input
      refuse(&connection, refusal)
    case .complete where head.byteCount > Limits.headBytesMax:
      let refusal = Self.tooLarge(input.bytes)
      connection.input = consume input
      refuse(&connection, refusal)
    case .complete:
      begin(&connection, input, index)
    }
    return true
  }

  /// Why a head of too many bytes is refused: for its target, where the request line alone is too long (RFC 9112 §3).
  private static func tooLarge(_ bytes: Span<UInt8>) -> Refusal {
    let line = bytes.extracting(first: Limits.headBytesMax).firstIndex(of: 0x0A)
    return line == nil ? .targetTooLong : .headTooLarge
  }

  /// Asks the service what is to happen with the request whose head is at the front of `input`.
  private func begin(
    _ connection: inout Connection, _ input: consuming ByteBuffer, _ index: Int
  ) {
    let service = services[connection.service]
    let available = input.count - head.byteCount
    let bodyBytes: Int?
    switch head.framing {
    case .none: bodyBytes = 0
    case .length(let count): bodyBytes = count <= UInt64(available) ? Int(count) : nil
    case .chunked: bodyBytes = nil
    }
    connection.version = head.version
    connection.withoutBody = head.method == .head
    connection.keepsAlive = head.keepsAlive && !draining

    // Whoever answers before the body is there gives the connection up: nobody knows whether the body will come.
    var response = openResponse(
      &connection, keepsAlive: connection.keepsAlive && bodyBytes != nil)
    let intent = service.begin(head, input.bytes, &response)
    switch intent {
    case .answered:
      closeResponse(&connection, response, drops: bodyBytes == nil)
      if let bodyBytes { input.take(head.byteCount + bodyBytes) }
      connection.input = consume input
    case .wholeBody(let bytesMax):
      response.reset()
      if let bodyBytes, bodyBytes <= bytesMax {
        // The common case: head and body came together, and the head is still parsed.
        let body = ByteRange(head.byteCount, head.byteCount + bodyBytes)
        service.answer(head, input.bytes, body: body, &response)
        closeResponse(&connection, response, drops: false)
        input.take(head.byteCount + bodyBytes)
        connection.input = consume input
        return
      }
      discardResponse(&connection, response)
      connection.input = consume input
      if case .length(let count) = head.framing, count > UInt64(bytesMax) {
        return refuse(&connection, .bodyTooLarge)
      }
      sendContinue(&connection, available: available)
      connection.phase = .wholeBody(
        BodyDecoder(head.framing), headBytes: head.byteCount, bodyBytes: 0, bytesMax: bytesMax)
    case .stream(let sink):
      response.reset()
      discardResponse(&connection, response)
      sendContinue(&connection, available: available)
      sink.waker = Waker(plan.mailbox, token(index))
      connection.sink = sink
      connection.phase = .stream(BodyDecoder(head.framing))
      input.take(head.byteCount)
      connection.input = consume input
    }
  }

  /// Tells a client that waits for it to send the body (RFC 9110 §10.1.1). One that has begun to does not wait.
  private func sendContinue(_ connection: inout Connection, available: Int) {
    guard head.expectsContinue, available == 0 else { return }
    var output = connection.output.take() ?? outputs.borrow()
    output.append("HTTP/1.1 100 Continue\r\n\r\n")
    connection.output = consume output
  }

  // MARK: - Body

  /// Gathers a body that is wanted whole behind its head; false when more has to be read.
  private func digestBody(
    _ connection: inout Connection, _ decoder: BodyDecoder, headBytes: Int, bodyBytes: Int,
    bytesMax: Int
  ) -> Bool {
    guard var input = connection.input.take() else { return false }
    var decoder = decoder
    var bodyBytes = bodyBytes
    while true {
      let end = headBytes + bodyBytes
      switch decoder.next(input.bytes.extracting(droppingFirst: end)) {
      case .skip(let count):
        input.closeGap(from: end + count, to: end)
        // Said to be too large is as good as being it: nobody has to send it first.
        guard decoder.announced <= UInt64(bytesMax - bodyBytes) else {
          connection.input = consume input
          refuse(&connection, .bodyTooLarge)
          return true
        }
      case .payload(let count):
        bodyBytes += count
      case .more:
        connection.phase = .wholeBody(
          decoder, headBytes: headBytes, bodyBytes: bodyBytes, bytesMax: bytesMax)
        connection.input = consume input
        return false
      case .refused(let refusal):
        connection.input = consume input
        refuse(&connection, refusal)
        return true
      case .end:
        // The ranges of the head were lost to other requests since; it is parsed again rather than kept.
        _ = head.parse(input.bytes)
        var response = openResponse(&connection, keepsAlive: connection.keepsAlive && !draining)
        let body = ByteRange(headBytes, end)
        services[connection.service].answer(head, input.bytes, body: body, &response)
        connection.phase = .head
        closeResponse(&connection, response, drops: false)
        input.take(end)
        connection.input = consume input
        return true
      }
    }
  }

  /// Hands what is there of a body to its sink. `.enough` when the body, or the sink's patience, is over.
  private func digestStream(
    _ connection: inout Connection, _ decoder: BodyDecoder
  ) -> BodySink.Appetite {
    guard let sink = connection.sink else { return .enough }
    var input = connection.input.take() ?? inputs.borrow()
    var decoder = decoder
    var appetite: BodySink.Appetite?
    connection.woken = false
    while appetite == nil {
      switch decoder.next(input.bytes) {
      case .skip(let count):
        input.take(count)
      case .payload(let count):
        let answer = sink.receive(input.bytes.extracting(first: count))
        input.take(count)
        if answer != .more { appetite = answer }
        if answer == .enough { connection.keepsAlive = connection.keepsAlive && decoder.isOver }
      case .more:
        appetite = .more
      case .end:
        appetite = .enough
      case .refused(let refusal):
        connection.abandon()
        connection.input = consume input
        refuse(&connection, refusal)
        return .enough
      }
    }
    connection.phase = appetite == .enough ? .finishing : .stream(decoder)
    connection.input = consume input
    return appetite ?? .more
  }

  /// Lets the sink answer; false when it is not ready to.
  private func finish(_ connection: inout Connection) -> Bool {
    guard let sink = connection.sink else {
      connection.phase = .closing(drops: true)
      return true
    }
    connection.woken = false
    var response = openResponse(&connection, keepsAlive: connection.keepsAlive && !draining)
    guard sink.finish(&response) else {
      response.reset()
      discardResponse(&connection, response)
      return false
    }
    connection.sink = nil
    connection.phase = .head
    closeResponse(&connection, response, drops: !connection.keepsAlive)
    return true
  }

  // MARK: - Responses

  private func openResponse(_ connection: inout Connection, keepsAlive: Bool) -> Response {
    let buffer = connection.output.take() ?? outputs.borrow()
    return Response(
      ResponseWriter(
        into: buffer, date: clock.date, version: connection.version, keepsAlive: keepsAlive,
        withoutBody: connection.withoutBody))
  }

  /// Queues what was written; ends the connection where the answer said so.
  private func closeResponse(
    _ connection: inout Connection, _ response: consuming Response, drops: Bool
  ) {
    if response.writer.overflowed {
      response.reset()
      response.problem(
        .internalServerError, kind: nil, detail: "The answer is larger than this server writes.")
    }
    if !response.writer.keepsAlive { connection.phase = .closing(drops: drops) }
    swap(&connection.tail, &response.tail)
    connection.output = response.takeBuffer()
  }

  /// Gives the buffer of a response back that was not written after all.
  private func discardResponse(_ connection: inout Connection, _ response: consuming Response) {
    let buffer = response.takeBuffer()
    if buffer.isEmpty {
      outputs.giveBack(buffer)
    } else {
      connection.output = consume buffer
    }
  }

  /// Answers what is no request, and gives the connection up.
  private func refuse(_ connection: inout Connection, _ refusal: Refusal) {
    connection.abandon()
    var response = openResponse(&connection, keepsAlive: false)
    services[connection.service].refuse(refusal, &response)
    closeResponse(&connection, response, drops: true)
  }

  /// Answers a connection that ran out of time, and gives it up.
  func refuse(_ index: Int, _ refusal: Refusal) {
    guard var connection = connections[index].take() else { return }
    if connection.canTakeAnswer { refuse(&connection, refusal) }
    if !connection.hasOutput { connection.phase = .closing(drops: false) }
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
