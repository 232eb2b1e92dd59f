import FoundationEssentials
import TestSupport
import Testing
import Wire

/// Answers whose body is sent piece by piece.
struct TailTests {
  @Test(arguments: [0, 1, 100_000, 3_000_000])
  func anArrayOfAnySize(_ count: Int) throws {
    try serving { address, _ in
      let client = try Client(address, window: 8_192)
      client.send(get("/bytes?\(count)") + get("/next") + get("/bytes?10"))
      let answer = try #require(client.answer())
      #expect(answer.body == pattern(count))
      #expect(client.answer()?.text == "/next")
      #expect(client.answer()?.body == Array(0..<10))
    }
  }

  @Test func aPartOfAFile() throws {
    let content = pattern(1_000_000)
    try withFile(content) { path in
      try serving(events: Events(path: path)) { address, _ in
        let client = try Client(address, window: 8_192)
        client.send(get("/file") + get("/file?999990") + get("/next"))
        #expect(client.answer()?.body == Array(content[10..<30]))
        #expect(client.answer()?.body == Array(content[10...]))
        #expect(client.answer()?.text == "/next")
      }
    }
  }

  @Test func headSendsNothingOfIt() throws {
    try withFile(Array(0..<100)) { path in
      try serving(events: Events(path: path)) { address, _ in
        let client = try Client(address)
        for path in ["/file", "/bytes?20"] {
          client.send("HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\n" + get("/next"))
          #expect(client.answer(toHead: true)?["content-length"] == "20")
          #expect(client.answer()?.text == "/next")
        }
      }
    }
  }

  @Test func aFileThatIsShorterThanItWasEndsTheConnection() throws {
    try withFile(Array(0..<25)) { path in
      try serving(events: Events(path: path)) { address, _ in
        let client = try Client(address)
        client.send(get("/file"))
        #expect(client.answer() == nil)
        #expect(eventually { client.receive() <= 0 })
      }
    }
  }

  @Test func theLastAnswerMayBeLong() throws {
    try serving { address, _ in
      let client = try Client(address, window: 8_192)
      client.send(get("/bytes?2000000", "Connection: close\r\n"))
      client.endSending()
      #expect(client.answer()?.body.count == 2_000_000)
      #expect(client.isEnded)
    }
  }

  @Test func aClientThatGoesAwayInTheMiddleHarmsNobody() throws {
    let content = [UInt8](repeating: 1, count: 3_000_000)
    try withFile(content) { path in
      try serving(events: Events(path: path)) { address, _ in
        for path in ["/file?2999990", "/bytes?3000000"] {
          do {
            let client = try Client(address, window: 8_192)
            client.send(get(path))
            #expect(client.receive(atMost: 100) > 0)
          }
          let other = try Client(address)
          other.send(get("/"))
          #expect(other.answer()?.text == "/")
        }
      }
    }
  }

  /// Runs `body` with the path of a file of these bytes.
  private func withFile(_ content: [UInt8], _ body: (String) throws -> Void) throws {
    let path = temporaryPath()
    try Data(content).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }
}

/// A path in the directory for temporary files that nothing has yet.
func temporaryPath() -> String {
  FileManager.default.temporaryDirectory.path + "/slotd-\(UInt64.random(in: 0 ... .max))"
}
