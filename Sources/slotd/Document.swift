import Reactor
import Synchronization
import Wire

/// Answers a request with a text that is written on another thread meanwhile.
final class Document: BodySink {
  private let route: Route
  private let type: StaticString
  private let fields: [(StaticString, StaticString)]
  private let requestID: RequestID
  private let aside: Aside
  private let write: @Sendable () -> [UInt8]
  private let done: (borrowing Response) -> Void
  private let text = Text()
  private var isBegun = false

  private final class Text: Sendable {
    let bytes = Mutex<[UInt8]?>(nil)
  }

  /// The document of that route, of that media type. `write` is called on `aside`'s thread, `done` on the worker's when the answer is written.
  init(
    _ route: Route, _ type: StaticString, fields: [(StaticString, StaticString)] = [],
    for requestID: RequestID,
    on aside: Aside,
    write: @escaping @Sendable () -> [UInt8],
    done: @escaping (borrowing Response) -> Void
  ) {
    self.route = route
    self.type = type
    self.fields = fields
    self.requestID = requestID
    self.aside = aside
    self.write = write
    self.done = done
  }

  override func finish(_ response: inout Response) -> Bool {
    guard let bytes = text.bytes.withLock({ $0 }) else {
      if !isBegun { begin() }
      return false
    }
    response.writer.requestID = requestID
    response.writer.begin(.ok)
    response.writer.field("Content-Type", type)
    response.writer.field("Cache-Control", "no-store")
    for (name, value) in fields { response.writer.field(name, value) }
    response.endHead(body: bytes)
    done(response)
    return true
  }

  private func begin() {
    isBegun = true
    aside.write(route, by: write) { [text, waker] bytes in
      text.bytes.withLock { $0 = bytes }
      waker.wake()
    }
  }
}
