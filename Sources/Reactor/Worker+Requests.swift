internal import Wire

extension Worker {
  /// Makes requests of the bytes that were read, and has them answered, as far as they go.
  mutating func digest(_ connection: inout Connection, _ index: Int) -> Digestion {
    while true {
      let digestion: Digestion? =
        switch connection.phase {
        case .head(let seen):
          digestHead(&connection, seen, index)
        case .wholeBody(let decoder, let headBytes, let bodyBytes, let bytesMax):
          digestWhole(&connection, decoder, headBytes, bodyBytes, bytesMax)
        case .stream(let decoder, let sink):
          digestStream(&connection, decoder, sink)
        case .finishing(let sink, let restMayCome):
          finish(&connection, sink, restMayCome)
        case .closing, .lingering:
          .done
        }
      if let digestion { return digestion }
    }
  }

  /// Takes one request head off the input, of which the first `seen` bytes are known not to hold it. Nil when there was one.
  private mutating func digestHead(
    _ connection: inout Connection, _ seen: Int, _ index: Int
  ) -> Digestion? {
    guard connection.unread > seen, var input = connection.input.take() else { return .hungry }
    guard connection.canTakeAnswer else {
      connection.input = consume input
      return .full
    }
    // A head ends with a line feed, so a client that sends it in small pieces has it parsed once a line and not once a piece.
    // The first piece is parsed in any case: it may be no HTTP at all.
    let mayBeWhole = seen == 0 || input.bytes.firstIndex(of: UInt8(ascii: "\n"), from: seen) != nil
    let verdict = mayBeWhole ? head.parse(input.bytes) : .incomplete
    let byteCount = verdict == .complete ? head.byteCount : input.count
    if verdict == .complete, byteCount <= Limits.headBytesMax {
      begin(&connection, input, index)
      return nil
    }
    // The empty line that is forgiven before a request is not the beginning of one.
    if verdict == .incomplete, input.bytes.equals("\r\n") { input.clear() }
    let refusal: Refusal? =
      switch verdict {
      case .refused(let refusal): refusal
      case .incomplete where byteCount < Limits.headBytesMax: nil
      case .complete, .incomplete: Self.tooLarge(input.bytes)
      }
    connection.phase = .head(seen: input.count)
    connection.input = consume input
    guard let refusal else { return .hungry }
    refuse(&connection, refusal)
    return nil
  }

  /// Why a head of too many bytes is refused: for its target, where the request line alone is too long (RFC 9112 §3).
  private static func tooLarge(_ bytes: Span<UInt8>) -> Refusal {
    let line = bytes.extracting(first: Limits.headBytesMax).firstIndex(of: 0x0A)
    return line == nil ? .targetTooLong : .headTooLarge
  }

  /// Asks the service what is to happen with the request whose head is at the front of `input`.
  private mutating func begin(
    _ connection: inout Connection, _ input: consuming ByteBuffer, _ index: Int
  ) {
    let service = services[connection.service]
    let available = input.count - head.byteCount
    /// Bytes of the body, where all of it is there.
    let bodyBytes: Int? =
      switch head.framing {
      case .none: 0
      case .length(let count): count <= UInt64(available) ? Int(count) : nil
      case .chunked: nil
      }
    connection.phase = .head(seen: 0)
    connection.hasAsked = true
    connection.version = head.version
    connection.withoutBody = head.method == .head
    connection.keepsAlive = head.keepsAlive && !draining

    // Whoever answers before the body is there gives the connection up: nobody knows whether the body will come.
    var response = openResponse(&connection, keepsAlive: connection.keepsAlive && bodyBytes != nil)
    switch service.begin(head, input.bytes, &response) {
    case .answered:
      closeResponse(&connection, response, moreMayCome: bodyBytes == nil)
      if let bodyBytes { input.take(head.byteCount + bodyBytes) }
      connection.input = consume input
    case .wholeBody(let bytesMax):
      assert(bytesMax <= Limits.wholeBodyBytesMax, "the input buffer is made for no more")
      response.reset()
      if let bodyBytes, bodyBytes <= bytesMax {
        // The common case: head and body came together, and the head is still parsed.
        let body = ByteRange(head.byteCount, head.byteCount + bodyBytes)
        service.answer(head, input.bytes, body: body, &response)
        closeResponse(&connection, response, moreMayCome: false)
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
      connection.phase = .stream(BodyDecoder(head.framing), sink)
      input.take(head.byteCount)
      connection.input = consume input
    }
  }

  /// Tells a client that waits for it to send the body (RFC 9110 §10.1.1). One that has begun to does not wait.
  private mutating func sendContinue(_ connection: inout Connection, available: Int) {
    guard head.expectsContinue, available == 0 else { return }
    var output = connection.output.take() ?? outputs.borrow()
    output.append("HTTP/1.1 100 Continue\r\n\r\n")
    connection.output = consume output
  }
}
