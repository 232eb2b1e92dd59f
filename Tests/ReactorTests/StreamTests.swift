import TestSupport
import Testing

/// Bodies that go to a sink as they come, and answers that come later.
struct StreamTests {
  @Test(arguments: [0, 1, 70_000, 700_000])
  func aSinkGetsEveryByteInOrder(_ count: Int) throws {
    try serving { address, _ in
      let client = try Client(address)
      let body = pattern(count)
      let sum = body.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }
      client.send("PUT /count HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n")
      client.send(body)
      client.send("PUT /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
      for start in stride(from: 0, to: count, by: 300_000) {
        let chunk = Array(body[start..<min(start + 300_000, count)])
        client.send(String(chunk.count, radix: 16) + "\r\n")
        client.send(chunk)
        client.send("\r\n")
      }
      client.send("0\r\nTrailer: x\r\n\r\n" + get("/next"))
      for _ in 0..<2 {
        let answer = try #require(client.answer())
        #expect(answer.status == 201)
        #expect(answer.text == "\(count) \(sum)")
      }
      #expect(client.answer()?.text == "/next")
    }
  }

  /// The sink is offered nothing while it works on another thread, whatever happens on the socket meanwhile.
  @Test func aSinkIsNotOfferedMoreThanItAskedFor() throws {
    let events = Events()
    try serving(events: events) { address, _ in
      let client = try Client(address)
      client.send("PUT /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
      for _ in 0..<100 { client.send([UInt8](repeating: 120, count: 10_000)) }
      client.send(get("/next"))
      #expect(client.answer()?.text == "1000000")
      #expect(client.answer()?.text == "/next")
    }
    #expect(events.count("called while busy") == 0)
    #expect(events.count("piece") > 10)
  }

  @Test func aSinkThatWaitsIsLeftAlone() throws {
    let events = Events()
    try serving(events: events) { address, _ in
      let client = try Client(address)
      client.send("PUT /held HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
      #expect(events.wait(for: "held"))
      client.send("def")
      // Another request makes sure that the worker has seen the bytes.
      let other = try Client(address)
      other.send(get("/"))
      _ = other.answer()
      #expect(events.count("received") == 1)
      events.wakeAll()
      #expect(events.wait(for: "held", 2))
      #expect(events.count("received") == 2)
      events.wakeAll()
      #expect(events.wait(for: "held", 3))
      #expect(events.count("finished") == 0)
      events.wakeAll()
      #expect(client.answer()?.text == "held")
      #expect(events.count("abandoned") == 0)
    }
  }

  @Test func anAnswerMayComeLater() throws {
    let events = Events()
    try serving(events: events) { address, _ in
      let client = try Client(address)
      client.send(get("/before") + get("/held") + get("/after"))
      #expect(client.answer()?.text == "/before")
      #expect(events.wait(for: "held"))
      #expect(events.count("finished") == 0)
      events.wakeAll()
      #expect(client.answer()?.text == "held")
      #expect(client.answer()?.text == "/after")
    }
  }

  @Test func aClientThatEndsItsSideGetsTheLaterAnswer() throws {
    let events = Events()
    try serving(events: events) { address, _ in
      let client = try Client(address)
      client.send(post("/held", "abc"))
      client.endSending()
      #expect(events.wait(for: "held"))
      events.wakeAll()
      #expect(events.wait(for: "held", 2))
      events.wakeAll()
      #expect(client.answer()?.text == "held")
      #expect(client.isEnded)
    }
  }

  @Test func aSinkThatHadEnoughAnswersAndTheConnectionEnds() throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send("PUT /enough HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n")
      client.send([UInt8](repeating: 120, count: 2_000_000))
      let answer = try #require(client.answer())
      #expect(answer.status == 403)
      #expect(answer["connection"] == "close")
      #expect(client.isEnded)
    }
  }

  @Test func aSinkThatHadEnoughAtTheLastByteKeepsTheConnection() throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send(post("/enough", "abc") + get("/next"))
      #expect(client.answer()?.status == 403)
      #expect(client.answer()?.text == "/next")
    }
  }

  @Test(arguments: [true, false])
  func aSinkIsAbandonedWhenTheClientGoesAway(_ resets: Bool) throws {
    let events = Events()
    try serving(events: events) { address, _ in
      do {
        let client = try Client(address)
        client.send("PUT /held HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
        #expect(events.wait(for: "held"))
        if resets { try client.resetWhenClosed() }
      }
      events.wakeAll()
      #expect(events.wait(for: "abandoned"))
      #expect(events.count("finished") == 0)
    }
    #expect(events.count("abandoned") == 1)
  }

  @Test func aSinkIsAbandonedWhenTheBodyIsNone() throws {
    let events = Events()
    try serving(events: events) { address, _ in
      let client = try Client(address)
      client.send(
        "PUT /held HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nx")
      #expect(events.wait(for: "held"))
      events.wakeAll()
      #expect(client.answer()?.status == 400)
      #expect(client.isEnded)
    }
    #expect(events.count("abandoned") == 1)
  }

  @Test func aWakeForAConnectionThatIsGoneIsNothing() throws {
    let events = Events()
    try serving(connectionsMax: 1, events: events) { address, server in
      do {
        let client = try Client(address)
        client.send("PUT /held HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
        #expect(events.wait(for: "held"))
      }
      // The wake lets the server see that the client is gone; the sink's waker is kept for later by then.
      events.wakeAll()
      #expect(events.wait(for: "abandoned"))
      let next = try Client(address)
      next.send("PUT /held HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
      #expect(events.wait(for: "held", 2))
      events.wakeAll()
      #expect(events.wait(for: "held", 3))
      events.wakeAll()
      #expect(next.answer()?.text == "held")
    }
  }
}
