import Reactor
import Testing

@testable import ObjectStore

struct TransportTests {
  private let server: LoopbackServer

  init() throws { server = try LoopbackServer() }

  @Test func `sends the target byte for byte`() throws {
    let target = "/a/../b/%2e/%2F?x=1&y=%20&z=*"
    #expect(try server.send(.get, target).text == target)
  }

  @Test func `sends a body with its length and no type of libcurl's own`() throws {
    let response = try server.send(.put, "/") { request in
      request.body = [0x68, 0x00, 0x69]
      request.fields = [HTTPField("X-Empty", "")]
    }
    #expect(response.status == 201)
    #expect(response.text == "content-type content-length=3 x-empty= h\0i")
  }

  @Test func `sends the type that it is given`() throws {
    let response = try server.send(.put, "/") { request in
      request.body = []
      request.fields = [HTTPField("content-type", "image/png")]
    }
    #expect(response.text.hasPrefix("content-type=image/png content-length=0 "))
  }

  @Test func `reports a redirect and does not follow it`() throws {
    let response = try server.send(.get, "/redirect")
    #expect(response.status == 301)
    #expect(response.field("location") == "http://127.0.0.1:1/elsewhere")
    #expect(response.text == "moved")
  }

  @Test func `knows the answer's fields, address, time and clock`() throws {
    let response = try server.send(.get, "/many")
    #expect(response.list("x-list") == ["a", "b", "c"])
    #expect(response.address == "127.0.0.1")
    #expect(!response.isIPv6)
    #expect(response.certificate == nil)
    #expect(response.timings.total >= response.timings.firstByte)
    #expect(abs(response.clockOffset ?? 99) <= 1)
  }

  @Test func `HEAD has fields and no body`() throws {
    let response = try server.send(.head, "/many")
    #expect(response.field("content-length") == "2000")
    #expect(response.body.isEmpty)
  }

  @Test func `takes no more of an answer than its limit`() throws {
    #expect(try server.send(.get, "/many") { $0.answerBytesMax = 2000 }.body.count == 2000)
    let error = #expect(throws: TransferError.self) {
      try server.send(.get, "/many") { $0.answerBytesMax = 1999 }
    }
    #expect(error?.code == .answerTooLarge)
  }

  @Test func `gives a server up that never answers`() throws {
    let error = #expect(throws: TransferError.self) {
      try server.send(.get, "/never") { $0.timeout = .milliseconds(50) }
    }
    #expect(error?.code == .timedOut)
    #expect(error?.stage == .answering)
  }

  @Test func `one transfer that hangs holds no other up`() throws {
    let hung = Hung()
    try Thread.start("hung") { [server] in
      _ = try? server.send(.get, "/never") { $0.timeout = .seconds(60) }
      hung.over.signal()
    }
    #expect(try server.send(.get, "/x").text == "/x")
    server.transport.stop()
    hung.over.wait()
  }

  @Test func `says that nobody listens`() throws {
    let error = #expect(throws: TransferError.self) {
      try server.transport.send(HTTPRequest(.get, "http://127.0.0.1:1/"))
    }
    #expect(error?.code == .notConnected)
    #expect(error?.description.hasPrefix("127.0.0.1:1 takes no connection; ") == true)
  }

  @Test(
    arguments: [
      ("file:///etc/passwd", .unsupportedProtocol), ("ftp://127.0.0.1/", .unsupportedProtocol),
      ("http://", .malformedURL), ("http://a b/", .malformedURL),
    ] as [(String, TransferError.Code)])
  func `refuses what is no web address`(_ url: String, _ code: TransferError.Code) throws {
    let error = #expect(throws: TransferError.self) {
      try server.transport.send(HTTPRequest(.get, url))
    }
    #expect(error?.code == code)
  }

  @Test(arguments: ["a\r\nb: c", "a\nb", "a\0b"])
  func `refuses a field that would not stay one line`(_ value: String) throws {
    #expect(throws: TransferError.self) {
      try server.send(.get, "/") { $0.fields = [HTTPField("X", value)] }
    }
  }

  @Test func `takes nothing more when it is stopped`() throws {
    server.transport.stop()
    let error = #expect(throws: TransferError.self) { try server.send(.get, "/") }
    #expect(error?.code == .stopped)
  }
}

private final class Hung: Sendable {
  let over = Semaphore()
}
