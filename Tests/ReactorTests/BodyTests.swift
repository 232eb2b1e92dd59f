import TestSupport
import Testing
import Wire

/// Request bodies that are wanted whole, `Expect`, and answers that come before the body.
struct BodyTests {
  @Test(arguments: [0, 1, 1_000, Limits.wholeBodyBytesMax])
  func byLengthAndInChunks(_ count: Int) throws {
    try serving { address, _ in
      let client = try Client(address)
      let body = String(repeating: "x", count: count)
      client.send(post("/echo", body))
      #expect(client.answer()?.text == "POST:" + body)
      for size in [1, 7, 5_000] {
        client.send(chunked("/echo", body, by: size) + get("/next"))
        #expect(client.answer()?.text == "POST:" + body)
        #expect(client.answer()?.text == "/next")
      }
    }
  }

  @Test func inPieces() throws {
    try serving { address, _ in
      let client = try Client(address)
      let text = post("/echo", "abcdefghij") + chunked("/echo", "klmnopqrst", by: 3)
      for piece in stride(from: 0, to: text.utf8.count, by: 7) {
        client.send(Array(text.utf8.dropFirst(piece).prefix(7)))
      }
      #expect(client.answer()?.text == "POST:abcdefghij")
      #expect(client.answer()?.text == "POST:klmnopqrst")
    }
  }

  @Test(arguments: [
    (post("/short", "0123456789"), 200, "as long as is allowed"),
    (post("/short", "0123456789a"), 413, "one byte longer"),
    ("POST /short HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", 413, "announced"),
    (
      "POST /short HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n", 413,
      "announced, absurdly"
    ),
    (chunked("/short", "0123456789", by: 4), 200, "as long as is allowed, in chunks"),
    (chunked("/short", "0123456789a", by: 4), 413, "one byte longer, in chunks"),
    (chunked("/short", "0123456789a", by: 11), 413, "one byte longer, in one chunk"),
    ("POST /short HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400, "no chunk"),
    ("POST /short HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n", 501, "no known coding"),
    (get("/short"), 200, "no body is one of nothing"),
  ])
  func limits(_ request: String, _ status: Int, _ reason: String) throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send(request)
      let answer = try #require(client.answer())
      #expect(answer.status == status, "\(reason)")
      #expect((answer["connection"] == "close") == (status != 200), "\(reason)")
      if status != 200 { #expect(client.isEnded, "\(reason)") }
    }
  }

  @Test func aClientThatWaitsIsToldToContinue() throws {
    try serving { address, _ in
      let client = try Client(address)
      for path in ["/echo", "/count"] {
        client.send(
          "PUT \(path) HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        #expect(client.answer()?.head == "HTTP/1.1 100 Continue\r\n\r\n")
        client.send("abc")
        #expect(client.answer()?.text.isEmpty == false)
      }
    }
  }

  @Test func aClientThatDoesNotWaitIsNot() throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send(post("/echo", "abc", "Expect: 100-continue\r\n"))
      #expect(client.answer()?.text == "POST:abc")
      client.send(post("/echo", "", "Expect: 100-continue\r\n"))
      #expect(client.answer()?.text == "POST:")
      client.send(post("/short", "too long for it", "Expect: 100-continue\r\n"))
      #expect(client.answer()?.status == 413)
      #expect(client.isEnded)
    }
  }

  @Test func anotherExpectationIsRefused() throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send(post("/echo", "abc", "Expect: tea\r\n"))
      #expect(client.answer()?.status == 417)
    }
  }

  /// The client gets the answer although it goes on sending, and may have ended its side already.
  @Test(arguments: [false, true])
  func anAnswerBeforeTheBodyEndsTheConnection(_ endsSending: Bool) throws {
    try serving { address, _ in
      let client = try Client(address)
      let megabyte = [UInt8](repeating: 120, count: 1 << 20)
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: \(3 << 20)\r\n\r\n")
      for _ in 0..<3 { #expect(client.send(megabyte)) }
      if endsSending { client.endSending() }
      let answer = try #require(client.answer())
      #expect(answer.status == 200)
      #expect(answer["connection"] == "close")
      #expect(client.isEnded)
    }
  }

  @Test func aBodyThatNobodyWantsIsPassedOverWhenItIsThere() throws {
    try serving { address, _ in
      let client = try Client(address)
      client.send(post("/a", "GET /wrong HTTP/1.1\r\n\r\n") + get("/b"))
      #expect(client.answer()?.text == "/a")
      #expect(client.answer()?.text == "/b")
    }
  }
}

/// A POST of `body` to `path` in chunks of `size` bytes.
func chunked(_ path: String, _ body: String, by size: Int) -> String {
  var text = "POST \(path) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
  let bytes = Array(body.utf8)
  for start in stride(from: 0, to: bytes.count, by: size) {
    let chunk = bytes[start..<min(start + size, bytes.count)]
    text +=
      String(chunk.count, radix: 16) + "\r\n" + String(decoding: chunk, as: UTF8.self) + "\r\n"
  }
  return text + "0\r\n\r\n"
}
