import Glibc
import TestSupport
import Testing

/// Requests one after the other on one connection (RFC 9112 §9).
struct ConnectionTests {
  @Test func aConnectionIsUsedAgain() throws {
    try serving { address, _ in
      let client = try Client(address)
      for number in 0..<100 {
        client.send(get("/?\(number)"))
        let answer = try #require(client.answer())
        #expect(answer.status == 200)
        #expect(answer.text == "/\(number)")
        #expect(answer["connection"] == nil)
        #expect(answer["date"]?.hasSuffix(" GMT") == true)
      }
    }
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() throws {
    try serving { address, _ in
      let client = try Client(address)
      // More than the buffers hold, so that the server has to stop reading in between.
      let numbers = 0..<5_000
      let text = numbers.map { $0 % 3 == 0 ? post("/echo", "\($0)") : get("/?\($0)") }.joined()
      client.send(text)
      client.endSending()
      for number in numbers {
        let answer = try #require(client.answer())
        #expect(answer.text == (number % 3 == 0 ? "POST:\(number)" : "/\(number)"))
      }
      #expect(client.isEnded)
    }
  }

  @Test func bytesMayComeOneByOne() throws {
    try serving { address, _ in
      let client = try Client(address)
      for text in ["\r\n" + get("/a", "X: y\r\n"), post("/echo", "abc")] {
        for character in text.unicodeScalars { client.send(String(character)) }
      }
      #expect(client.answer()?.text == "/a")
      #expect(client.answer()?.text == "POST:abc")
    }
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "close"),
    ("GET / HTTP/1.0\r\n\r\n", "close"),
  ])
  func theLastAnswerSaysSoAndTheConnectionEnds(_ request: String, _ connection: String) throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send(request)
      let answer = try #require(client.answer())
      #expect(answer["connection"] == connection)
      #expect(client.isEnded)
    }
  }

  @Test func anOldClientMayKeepItsConnection() throws {
    try serving { address, _ in
      let client = try Client(address)
      for _ in 0..<2 {
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(client.answer()?["connection"] == "keep-alive")
      }
    }
  }

  @Test func whatComesBehindTheLastRequestIsNotAnswered() throws {
    try serving { address, _ in
      let client = try Client(address)
      // More than is read at once: closing with it unread would take the answer from the client.
      client.send(get("/", "Connection: close\r\n") + String(repeating: get("/x"), count: 10_000))
      #expect(client.answer()?.text == "/")
      #expect(client.isEnded)
    }
  }

  @Test func aClientThatSendsNoMoreIsAnswered() throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send(get("/a") + get("/b"))
      client.endSending()
      #expect(client.answer()?.text == "/a")
      #expect(client.answer()?.text == "/b")
      #expect(client.isEnded)
    }
  }

  @Test func aClientThatStopsInTheMiddleOfAHeadIsNot() throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send("GET / HT")
      client.endSending()
      #expect(client.isEnded)
    }
  }

  @Test(arguments: ["/echo", "/count"])
  func aClientThatStopsInTheMiddleOfABodyIsToldSo(_ path: String) throws {
    try serving { address, _ in
      for body in ["Content-Length: 5\r\n\r\nab", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"] {
        let client = try Client(address)
        client.send("PUT \(path) HTTP/1.1\r\nHost: a\r\n\(body)")
        client.endSending()
        #expect(client.answer()?.status == 400)
        #expect(client.isEnded)
      }
    }
  }

  @Test func headHasNoBody() throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n" + get("/d"))
      #expect(client.answer(toHead: true)?["content-length"] == "4")
      #expect(client.answer()?.text == "/d")
    }
  }

  @Test func whatIsNoRequestIsAnsweredAndTheConnectionEnds() throws {
    try serving { address, _ in
      let client = try Client(address)
      // A HEAD before it changes nothing: this answer has its body.
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost : a\r\n\r\n")
      _ = client.answer(toHead: true)
      let answer = try #require(client.answer())
      #expect(answer.status == 400)
      #expect(answer["connection"] == "close")
      #expect(answer["content-type"] == "application/problem+json")
      #expect(answer.text.contains("A field name must be a token"))
      #expect(client.isEnded)
    }
  }

  @Test(arguments: [
    ("GET /" + String(repeating: "a", count: 20_000), 414),
    ("GET / HTTP/1.1\r\nA: " + String(repeating: "a", count: 20_000), 431),
    ("GET / HTTP/1.1\r\nHost: a\r\nA: " + String(repeating: "a", count: 16_384) + "\r\n\r\n", 431),
    ("GET / HTTP/2.0\r\n\r\n", 505), ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    ("\u{16}\u{3}\u{1}", 400),
  ])
  func refusals(_ request: String, _ status: Int) throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send(request)
      #expect(client.answer()?.status == status)
      #expect(client.isEnded)
    }
  }

  @Test func anAnswerThatDoesNotFitIsReplaced() throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send(get("/fill?40000") + get("/fill?70000") + get("/silent") + get("/a"))
      #expect(client.answer()?.body.count == 40_000)
      let replaced = try #require(client.answer())
      #expect(replaced.status == 500)
      #expect(replaced.text.contains("larger than this server writes"))
      #expect(client.answer()?.status == 500)
      #expect(client.answer()?.text == "/a")
    }
  }

  /// Who connects after something was published is not answered from before, even where the worker has not come round since.
  @Test func aNewConnectionSeesWhatIsNew() throws {
    let events = Events()
    try serving(events: events) { address, _ in
      let first = try Client(address)
      first.send(get("/busy"))
      #expect(events.wait(for: "busy"))
      events.note("published")
      let second = try Client(address)
      second.send(get("/edition"))
      // Both are accepted in one turn, if the kernel has told of the second by then.
      usleep(50_000)
      events.note("done")
      #expect(first.answer()?.text == "done")
      #expect(second.answer()?.text == "1")
    }
  }
}
