import Glibc
import Reactor
import TestSupport
import Testing

/// Clients that take too long. Each waits for what the server does; none measures when.
struct TimeoutTests {
  @Test func anIdleConnectionIsClosed() throws {
    try serving(timeouts: { $0.idle = .milliseconds(300) }) { address, _ in
      let fresh = try Client(address)
      let used = try Client(address)
      used.send(get("/"))
      #expect(used.answer()?.status == 200)
      #expect(used.isEnded)
      #expect(fresh.isEnded)
    }
  }

  @Test(arguments: ["GET / HTTP/1.1\r\nHost: a\r\n", "G", get("/") + "GET "])
  func aSlowHeadIsRefused(_ part: String) throws {
    try serving(timeouts: { $0.head = .milliseconds(50) }) { address, _ in
      let client = try Client(address)
      client.send(part)
      var answer = client.answer()
      if answer?.status == 200 { answer = client.answer() }
      #expect(answer?.status == 408)
      #expect(answer?["connection"] == "close")
      #expect(client.isEnded)
    }
  }

  @Test func anEmptyLineIsNotTheBeginningOfARequest() throws {
    try serving(timeouts: { $0.head = .milliseconds(50) }) { address, _ in
      let client = try Client(address)
      client.send(post("/echo", "abc") + "\r\n")
      #expect(client.answer()?.text == "POST:abc")
      usleep(150_000)
      client.send(get("/"))
      #expect(client.answer()?.text == "/")
    }
  }

  @Test(arguments: ["/echo", "/count"])
  func aSlowBodyIsRefused(_ path: String) throws {
    try serving(timeouts: { $0.body = .milliseconds(50) }) { address, _ in
      let client = try Client(address)
      client.send("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc")
      #expect(client.answer()?.status == 408)
      #expect(client.isEnded)
    }
  }

  /// The time is for one request: a client that is always in the middle of the next one is not slow.
  @Test(arguments: ["/", "/echo"])
  func aDeadlineIsForOneRequest(_ path: String) throws {
    try serving(timeouts: { limits in
      limits.head = .milliseconds(800)
      limits.body = .milliseconds(800)
    }) { address, _ in
      let client = try Client(address)
      let text = path == "/" ? get("/") : post("/echo", "abc")
      let half = text.utf8.count - 2
      client.send(Array(text.utf8.prefix(half)))
      for _ in 0..<12 {
        usleep(80_000)
        client.send(Array(text.utf8.dropFirst(half)) + Array(text.utf8.prefix(half)))
        #expect(client.answer()?.status == 200)
      }
    }
  }

  @Test func aSinkMayTakeItsTime() throws {
    let events = Events()
    try serving(
      events: events,
      timeouts: { limits in
        limits.body = .milliseconds(30)
        limits.idle = .milliseconds(300)
      }
    ) { address, _ in
      let client = try Client(address)
      client.send(post("/held", "abc"))
      #expect(events.wait(for: "held"))
      usleep(400_000)
      events.wakeAll()
      #expect(events.wait(for: "held", 2))
      usleep(400_000)
      events.wakeAll()
      #expect(client.answer()?.text == "held")
    }
  }

  @Test(arguments: ["/bytes?3000000", "/fill?40000"])
  func anAnswerThatNobodyReadsIsGivenUp(_ path: String) throws {
    try serving(connectionsMax: 1, timeouts: { $0.write = .milliseconds(50) }) { address, _ in
      let client = try Client(address, window: 4_096)
      // Many short answers fill the socket as one long one does.
      client.send(String(repeating: get(path), count: 500))
      // There is room for one connection only: another is answered when the server has given this one up.
      let isGivenUp = eventually {
        guard let other = try? Client(address) else { return false }
        other.send(get("/"))
        return other.answer()?.status == 200
      }
      #expect(isGivenUp)
      var whole = 0
      while client.answer() != nil { whole += 1 }
      #expect(whole < 500)
    }
  }

  @Test func aClientThatReadsSlowlyGetsEverything() throws {
    try serving(timeouts: { $0.write = .milliseconds(600) }) { address, _ in
      let client = try Client(address, window: 32_768)
      let count = 8_000_000
      client.send(get("/bytes?\(count)"))
      // Longer in all than the deadline, and never for long without reading.
      for _ in 0..<120 {
        _ = client.receive(atMost: 20_000)
        usleep(10_000)
      }
      #expect(client.answer()?.body.count == count)
    }
  }

  @Test func aClientThatNeverClosesIsNotWaitedForLong() throws {
    try serving(timeouts: { $0.linger = .milliseconds(50) }) { address, _ in
      let client = try Client(address)
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n")
      #expect(client.answer()?.status == 200)
      // At full speed the server still gets to the end of its patience.
      let megabyte = [UInt8](repeating: 120, count: 1 << 20)
      #expect((0..<10_000).contains { _ in !client.send(megabyte) })
    }
  }
}
