import CLinux
import Glibc
import Reactor
import Settings
import Synchronization
import Wire

/// The way of all lines to stderr: each worker has a ring of its own, all other threads share one, and a thread writes them out.
///
/// Nobody waits for stderr. Where it takes lines more slowly than they come, lines are dropped, and how many is the next line.
final class LogOutput: Sendable {
  /// Bytes of lines that wait for the thread, for each ring: a thousand lines, which is what a worker writes in ten milliseconds.
  private static let ringBytes = 262_144
  /// Milliseconds that the thread rests after it has written: so lines leave in bundles, and workers need not wake it for each.
  private static let napMilliseconds: Int32 = 5

  private let level: Atomic<Int>
  private let isJSON: Atomic<Bool>
  private let rings: Mutex<[LogRing]>
  private let common = Mutex(LogRing(capacity: ringBytes))
  private let event: Descriptor
  /// Whether the thread has to be woken for a line.
  private let asleep = Atomic<Bool>(false)

  /// Starts the thread, which lasts as long as the process.
  init(_ configuration: Configuration) throws(SystemError) {
    level = Atomic(configuration.logLevel.severity)
    isJSON = Atomic(configuration.logFormat == .json)
    event = try Descriptor("eventfd", slotd_eventfd())
    rings = Mutex([common.withLock { $0 }])
    try Thread.start("slotd-log") { self.run() }
  }

  // MARK: - Settings

  /// Writes as `configuration` wants it from now on.
  func adopt(_ configuration: Configuration) {
    level.store(configuration.logLevel.severity, ordering: .relaxed)
    isJSON.store(configuration.logFormat == .json, ordering: .relaxed)
  }

  /// Shows more (-1) or less (1) from now on; returns the least important level that is shown.
  func shift(_ steps: Int) -> LogLevel {
    let last = LogLevel.allCases.count - 1
    let new = min(max(level.load(ordering: .relaxed) + steps, 0), last)
    level.store(new, ordering: .relaxed)
    return LogLevel.allCases[new]
  }

  /// The least important level that is shown.
  var threshold: LogLevel { LogLevel.allCases[level.load(ordering: .relaxed)] }

  /// Whether lines of this level are shown.
  func shows(_ severity: Int) -> Bool { severity >= level.load(ordering: .relaxed) }

  /// How lines are written.
  var format: LogFormat { isJSON.load(ordering: .relaxed) ? .json : .human }

  // MARK: - Lines

  /// A ring for one worker.
  func ring() -> LogRing {
    let ring = LogRing(capacity: Self.ringBytes)
    rings.withLock { $0.append(ring) }
    return ring
  }

  /// Takes a line from the one thread that `ring` belongs to.
  func write(_ line: Span<UInt8>, to ring: LogRing) {
    let pressure = ring.append(line)
    if pressure == .high || asleep.load(ordering: .sequentiallyConsistent) { wake() }
  }

  /// Takes a line from any other thread.
  func write(_ line: Span<UInt8>) {
    common.withLock { ring in _ = ring.append(line) }
    wake()
  }

  /// Waits until everything is written, but not for long: nothing is lost at the end unless stderr stands still.
  func flush() {
    for _ in 0..<500 where !isEmpty {
      wake()
      usleep(2_000)
    }
  }

  private func wake() {
    asleep.store(false, ordering: .relaxed)
    slotd_eventfd_signal(event.rawValue)
  }

  // MARK: - The thread

  private var isEmpty: Bool { rings.withLock { $0.allSatisfy(\.isEmpty) } }

  private func run() {
    while true {
      if !isEmpty {
        drain()
        _ = slotd_poll_readable(event.rawValue, Self.napMilliseconds)
        slotd_eventfd_drain(event.rawValue)
        continue
      }
      // Said before looking once more: a line that comes after that look finds it said.
      asleep.store(true, ordering: .sequentiallyConsistent)
      if isEmpty { _ = slotd_poll_readable(event.rawValue, -1) }
      asleep.store(false, ordering: .relaxed)
      slotd_eventfd_drain(event.rawValue)
    }
  }

  private func drain() {
    var dropped = 0
    for ring in rings.withLock({ $0 }) {
      ring.drain { Self.write($0) }
      dropped += ring.takeDropped()
    }
    guard dropped > 0 else { return }
    var line = LogLine(capacity: 512)
    line.begin(
      LogLevel.warning.rawValue.utf8.span,
      ("lines of this log were dropped, because stderr takes them too slowly" as StaticString)
        .bytes, at: slotd_unix_seconds(), format)
    line.field("count", UInt64(dropped))
    line.end()
    Self.write(line.bytes)
  }

  private static func write(_ bytes: Span<UInt8>) {
    var rest = bytes
    while !rest.isEmpty {
      let count = slotd_write(STDERR_FILENO, rest)
      if count == -Int(EAGAIN) {
        usleep(1_000)
        continue
      }
      // Nobody can be told that stderr is closed.
      guard count > 0 else { return }
      rest = rest.extracting(droppingFirst: min(count, rest.count))
    }
  }
}

extension LogLevel {
  /// The place among all levels, the least important first.
  var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
