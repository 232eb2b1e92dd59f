import Reactor
import Testing
import Wire

@testable import ObjectStore

/// A server on a free port of the loopback interface, and a transport to reach it with.
final class LoopbackServer: Sendable {
  let url: String
  let transport: Transport
  private let server: Server

  /// A server that answers as the paths of requests say, or with another service.
  init(_ makeService: @escaping @Sendable () -> Service = { Answers() }) throws {
    server = try Server(
      name: "loopback", workers: 1, connectionsMax: 16, timeouts: Timeouts()
    ) { _ in [makeService()] }
    url = "http://\(try server.listen(.ipv4(0x7F00_0001, port: 0), service: 0))"
    transport = try Transport(startingBy: Thread.start)
  }

  deinit {
    transport.stop()
    server.drain(within: .zero)
  }

  func send(
    _ method: HTTPRequest.Method, _ path: String, _ change: (inout HTTPRequest) -> Void = { _ in }
  ) throws(TransferError) -> HTTPResponse {
    var request = HTTPRequest(method, url + path)
    request.mayUseProxy = false
    change(&request)
    return try transport.send(request)
  }
}

private final class Answers: Service {
  override func begin(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ response: inout Response
  ) -> Intent {
    let path = bytes[head.path]
    if path.equals("/redirect") {
      response.short(
        Status(301), type: "text/plain", field: ("Location", "http://127.0.0.1:1/elsewhere")
      ) { $0.append("moved") }
    } else if path.equals("/never") {
      return .stream(Silence())
    } else if path.equals("/many") {
      response.short(.ok, type: "text/plain", field: ("X-List", "a, b ,c")) {
        for _ in 0..<2000 { $0.append(UInt8(ascii: "a")) }
      }
    } else if head.method == .put {
      return .wholeBody(bytesMax: 1000)
    } else {
      response.short(.ok, type: "text/plain") { $0.append(bytes[head.target]) }
    }
    return .answered
  }

  override func answer(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, body: ByteRange,
    _ response: inout Response
  ) {
    response.short(.created, type: "text/plain") { text in
      for name in ["content-type", "content-length", "x-empty"] as [StaticString] {
        text.append(name)
        if let value = head.firstValue(name, in: bytes) {
          text.append("=")
          text.append(bytes[value])
        }
        text.append(" ")
      }
      text.append(bytes[body])
    }
  }
}

/// Lets a request wait for ever.
private final class Silence: BodySink {
  override func finish(_ response: inout Response) -> Bool { false }
}
