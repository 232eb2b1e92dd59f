import CLinux
import Glibc
import Reactor
import Synchronization
import TestSupport
import Wire

/// A service with a path for each thing that a test wants to see done.
final class TestService: Service {
  private let events: Events
  /// What was published when it last looked.
  private var edition = 0

  init(_ events: Events = Events()) { self.events = events }

  override func turn() { edition = events.count("published") }

  override func begin(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ response: inout Response
  ) -> Intent {
    let path = bytes[head.path]
    let number = Int(UInt64(decimal: bytes[head.query]) ?? 0)
    if path.equals("/echo") { return .wholeBody(bytesMax: Limits.wholeBodyBytesMax) }
    if path.equals("/short") { return .wholeBody(bytesMax: 10) }
    if path.equals("/count") { return .stream(CountingSink()) }
    if path.equals("/slow") { return .stream(SlowSink(events)) }
    if path.equals("/enough") { return .stream(EnoughSink()) }
    if path.equals("/held") { return .stream(HeldSink(events)) }
    if path.equals("/edition") {
      response.short(.ok, type: "text/plain") { $0.append(decimal: UInt64(edition)) }
    } else if path.equals("/busy") {
      events.note("busy")
      response.short(.ok, type: "text/plain") {
        $0.append(events.wait(for: "done") ? "done" : "late")
      }
    } else if path.equals("/bytes") {
      response.writer.begin(.ok)
      response.endHead(body: pattern(number))
    } else if path.equals("/file") {
      return file(number, &response)
    } else if path.equals("/fill") {
      response.short(.ok, type: "text/plain") { body in
        for _ in 0..<number { body.append(UInt8(ascii: "x")) }
      }
    } else if !path.equals("/silent") {
      response.short(.ok, type: "text/plain") { body in
        body.append(bytes[head.path])
        body.append(bytes[head.query])
      }
    }
    return .answered
  }

  /// Twenty bytes from the tenth on of the file that the events name, or as many as `number` says.
  private func file(_ number: Int, _ response: inout Response) -> Intent {
    // Safe: the string is lent for the call.
    let descriptor = unsafe open(events.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      response.problem(.notFound, kind: nil, detail: "There is no such file.")
      return .answered
    }
    response.writer.begin(.ok)
    response.endHead(
      file: Descriptor(owning: descriptor), offset: 10, count: number > 0 ? UInt64(number) : 20)
    return .answered
  }

  override func answer(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, body: ByteRange, _ response: inout Response
  ) {
    response.short(.ok, type: "text/plain") { text in
      text.append(bytes[head.methodName])
      text.append(":")
      text.append(bytes[body])
    }
  }
}

/// What a test and the sinks of its server tell each other.
final class Events: Sendable {
  private struct State {
    var counts: [String: Int] = [:]
    var wakers: [Waker] = []
  }

  private let state = Mutex(State())
  /// A file that can be asked for.
  let path: String

  init(path: String = "") { self.path = path }

  func note(_ event: String) { state.withLock { $0.counts[event, default: 0] += 1 } }

  func count(_ event: String) -> Int { state.withLock { $0.counts[event] ?? 0 } }

  /// Waits until `event` has happened so often; false when it takes too long.
  func wait(for event: String, _ times: Int = 1) -> Bool {
    eventually { self.count(event) >= times }
  }

  func keep(_ waker: Waker) { state.withLock { $0.wakers.append(waker) } }

  /// Wakes all connections that were kept, and keeps them no longer.
  func wakeAll() {
    let wakers = state.withLock { state in
      defer { state.wakers = [] }
      return state.wakers
    }
    for waker in wakers { waker.wake() }
  }
}

/// So many bytes, of which each depends on its place.
func pattern(_ count: Int) -> [UInt8] {
  let block = (0..<65_536).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }
  var bytes: [UInt8] = []
  while bytes.count < count { bytes += block.prefix(count - bytes.count) }
  return bytes
}

/// Counts what it gets, and a sum of it that depends on the order.
private final class CountingSink: BodySink {
  private var count: UInt64 = 0
  private var sum: UInt64 = 0

  override func receive(_ bytes: Span<UInt8>) -> Appetite {
    for i in bytes.indices { sum = sum &* 31 &+ UInt64(bytes[i]) }
    count += UInt64(bytes.count)
    return .more
  }

  override func finish(_ response: inout Response) -> Bool {
    response.short(.created, type: "text/plain") { body in
      body.append(decimal: count)
      body.append(" ")
      body.append(decimal: sum)
    }
    return true
  }
}

/// Needs some milliseconds on another thread for each piece, and for the answer.
private final class SlowSink: BodySink {
  private let events: Events
  private let busy = Shared()
  private var count: UInt64 = 0
  private var finishing = false

  init(_ events: Events) { self.events = events }

  override func receive(_ bytes: Span<UInt8>) -> Appetite {
    work()
    count += UInt64(bytes.count)
    return .later
  }

  override func finish(_ response: inout Response) -> Bool {
    if !finishing {
      finishing = true
      work()
      return false
    }
    if busy.value.load(ordering: .acquiring) { events.note("called while busy") }
    response.short(.created, type: "text/plain") { $0.append(decimal: count) }
    return true
  }

  private func work() {
    if busy.value.exchange(true, ordering: .acquiringAndReleasing) {
      events.note("called while busy")
    }
    events.note("piece")
    let (waker, busy) = (waker, busy)
    do {
      try Thread.start("work") {
        usleep(2_000)
        busy.value.store(false, ordering: .releasing)
        waker.wake()
      }
    } catch {
      events.note("no thread")
    }
  }

  private final class Shared: Sendable {
    let value = Atomic(false)
  }
}

/// Has enough after the first piece.
private final class EnoughSink: BodySink {
  override func receive(_ bytes: Span<UInt8>) -> Appetite { .enough }

  override func finish(_ response: inout Response) -> Bool {
    response.problem(.forbidden, kind: nil, detail: "Enough.")
    return true
  }
}

/// Waits for the test to wake it, after each piece and before the answer.
private final class HeldSink: BodySink {
  private let events: Events
  private var isHeld = false

  init(_ events: Events) { self.events = events }

  override func receive(_ bytes: Span<UInt8>) -> Appetite {
    events.note("received")
    events.keep(waker)
    events.note("held")
    return .later
  }

  override func finish(_ response: inout Response) -> Bool {
    if !isHeld {
      isHeld = true
      events.keep(waker)
      events.note("held")
      return false
    }
    response.short(.ok, type: "text/plain") { $0.append("held") }
    events.note("finished")
    return true
  }

  override func abandon() { events.note("abandoned") }
}
