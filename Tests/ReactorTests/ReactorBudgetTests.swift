import TestSupport
import Testing
import Wire

/// What a worker may allocate from one request to the next: nothing.
///
/// `swift test -c release -Xswiftc -enable-testing --filter Budget`
@Suite(.enabled(if: hasBudgets, "budgets are for release builds"))
struct ReactorBudgetTests {
  @Test(arguments: [
    [get("/a")], [post("/echo", "abc")], [chunked("/echo", "abcdefghijkl", by: 4)],
    [get("/a"), post("/echo", "abc"), get("/b")],
  ])
  func requestsOnOneConnection(_ pipeline: [String]) throws {
    try serving { address, _ in
      let client = try Client(address)
      let count = try allocations(address) {
        for _ in 0..<200 {
          client.send(pipeline.joined())
          for _ in pipeline { #expect(client.answer()?.status == 200) }
        }
      }
      #expect(count == 0)
    }
  }

  @Test func connections() throws {
    try serving { address, _ in
      let count = try allocations(address) {
        for _ in 0..<100 {
          let client = try Client(address)
          client.send(get("/a", "Connection: close\r\n"))
          #expect(client.answer()?.status == 200)
        }
      }
      #expect(count == 0)
    }
  }

  @Test func whatIsAllocatedIsSeen() throws {
    try serving { address, _ in
      let client = try Client(address)
      let count = try allocations(address) {
        client.send(get("/bytes?10"))
        #expect(client.answer()?.body.count == 10)
      }
      #expect(count > 0)
    }
  }

  /// Heap allocations of the only worker at `address` while `body` runs for the second time. The first makes what is kept
  /// afterwards: buffers, tables of the runtime.
  private func allocations(_ address: ListenAddress, _ body: () throws -> Void) throws -> UInt64 {
    let client = try Client(address)
    func count() throws -> UInt64 {
      client.send(get("/allocations"))
      return try #require(UInt64(client.answer()?.text ?? ""))
    }
    try body()
    _ = try count()
    let before = try count()
    try body()
    return try count() - before
  }
}
