import Reactor
import Testing
import Wire

/// Runs `body` with a server of ``TestService`` that listens on `address`, and drains it afterwards.
func serving(
  _ address: String = "127.0.0.1:0", workers: Int = 1, connectionsMax: Int = 64,
  events: Events = Events(), timeouts: (inout Timeouts) -> Void = { _ in },
  _ body: (ListenAddress, Server) throws -> Void
) throws {
  var limits = Timeouts()
  timeouts(&limits)
  let server = try Server(
    name: "test", workers: workers, connectionsMax: connectionsMax, timeouts: limits
  ) { _ in [TestService(events)] }
  let wanted = try #require(ListenAddress(address))
  let bound = try server.listen(wanted, service: 0)
  defer { server.drain(within: .seconds(5)) }
  try body(bound, server)
}

/// A GET of `path`.
func get(_ path: String, _ fields: String = "") -> String {
  "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
}

/// A POST of `body` to `path`.
func post(_ path: String, _ body: String, _ fields: String = "") -> String {
  "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
}
