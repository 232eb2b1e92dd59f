import CLinux
import FoundationEssentials
import Glibc
import Reactor
import TestSupport
import Testing
import Wire

/// Where a server listens, and how it stops.
struct ListenTests {
  @Test(arguments: ["127.0.0.1:0", "[::1]:0"])
  func addresses(_ text: String) throws {
    try serving(text) { address, _ in
      #expect(address.description.hasPrefix(String(text.dropLast())))
      #expect(!address.description.hasSuffix(":0"))
      let client = try Client(address)
      client.send(get("/"))
      #expect(client.answer()?.text == "/")
    }
  }

  @Test func aUnixSocket() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    // A process that died has left its file behind, and nobody answers on it.
    // Safe: the string is lent for the call.
    do { _ = try Descriptor("listen", unsafe slotd_listen_unix(path, 0o600, 1)) }
    #expect(FileManager.default.fileExists(atPath: path))
    try serving("unix:" + path, workers: 2) { address, _ in
      #expect(address == .unix(path: path))
      for number in 0..<20 {
        let client = try Client(address)
        client.send(get("/\(number)"))
        #expect(client.answer()?.text == "/\(number)")
      }
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o660)
      // One that is in use is not taken away.
      #expect(throws: SystemError("listen", -EADDRINUSE)) {
        try serving("unix:" + path) { _, _ in }
      }
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func anAddressThatIsTakenIsAnError() throws {
    // Another user's socket does not share its port; one without the option stands for it here.
    let taken = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let owner = Descriptor(owning: taken)
    #expect(listen(owner.rawValue, 1) == 0)
    var name = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // Safe: the address is lent for the call, with its size.
    _ = unsafe withUnsafeMutableBytes(of: &name) { bytes in
      unsafe getsockname(
        owner.rawValue, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, &size)
    }
    let port = UInt16(bigEndian: name.sin_port)
    do {
      try serving("127.0.0.1:\(port)") { _, _ in }
      Issue.record("it listened where another does")
    } catch let error as SystemError {
      #expect(error.number == EADDRINUSE)
      #expect(error.text == "Address already in use")
    }
  }

  @Test func connectionsAreSpreadOverTheWorkers() throws {
    try serving(workers: 3) { address, _ in
      let clients = try (0..<30).map { _ in try Client(address) }
      for (number, client) in clients.enumerated() { client.send(get("/?\(number)")) }
      for (number, client) in clients.enumerated() {
        #expect(client.answer()?.text == "/\(number)")
      }
    }
  }

  @Test func aListenerCanBeClosed() throws {
    try serving { address, server in
      let client = try Client(address)
      client.send(get("/"))
      #expect(client.answer()?.text == "/")
      server.close(address)
      #expect(eventually { (try? Client(address)) == nil })
      client.send(get("/again"))
      #expect(client.answer()?.text == "/again")
    }
  }

  // MARK: - Drain

  @Test func drainingAnswersWhatIsUnderWayAndEndsTheRest() throws {
    let events = Events()
    try serving(events: events) { address, server in
      let idle = try Client(address)
      idle.send(get("/"))
      #expect(idle.answer()?.status == 200)
      let later = try Client(address)
      later.send(get("/held"))
      let body = try Client(address)
      body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
      let long = try Client(address, window: 4_096)
      long.send(get("/bytes?1000000"))
      #expect(long.receive(atMost: 100) == 100)
      #expect(events.wait(for: "held"))

      try Thread.start("drain") {
        events.note(server.drain(within: .seconds(10)) ? "drained" : "cut")
      }
      #expect(idle.isEnded)
      #expect((try? Client(address)) == nil)

      body.send("def")
      let answer = try #require(body.answer())
      #expect(answer.text == "POST:abcdef")
      #expect(answer["connection"] == "close")
      #expect(body.isEnded)

      events.wakeAll()
      #expect(later.answer()?.text == "held")
      #expect(later.isEnded)

      #expect(events.count("drained") == 0)
      #expect(long.answer()?.body.count == 1_000_000)
      #expect(events.wait(for: "drained"))
    }
  }

  @Test func drainingEndsInTimeWhateverIsUnderWay() throws {
    let events = Events()
    try serving(events: events) { address, server in
      let client = try Client(address)
      client.send(get("/held"))
      #expect(events.wait(for: "held"))
      #expect(!server.drain(within: .milliseconds(50)))
      #expect(client.isEnded)
    }
    #expect(events.count("abandoned") == 1)
  }
}
