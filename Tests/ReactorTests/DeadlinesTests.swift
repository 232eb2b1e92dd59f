import Testing

@testable import Reactor

/// The lists of deadlines, on a clock of the test's own.
struct DeadlinesTests {
  /// Nanoseconds of a millisecond.
  private static let ms: Int64 = 1_000_000

  private func deadlines() -> Deadlines {
    var timeouts = Timeouts()
    timeouts.idle = .milliseconds(100)
    timeouts.head = .milliseconds(10)
    timeouts.body = .milliseconds(20)
    timeouts.write = .milliseconds(30)
    timeouts.linger = .milliseconds(5)
    var deadlines = Deadlines(capacity: 8, timeouts: timeouts)
    for _ in 0..<8 { deadlines.addConnection() }
    return deadlines
  }

  @Test func noneRunsAtFirst() {
    let deadlines = deadlines()
    let (earliest, expired, longest) = (
      deadlines.earliest, deadlines.expired(now: .max) == nil, deadlines.longestWaiting
    )
    #expect(earliest == nil)
    #expect(expired)
    #expect(longest == nil)
  }

  @Test func eachKindLastsItsOwnTime() {
    var deadlines = deadlines()
    for (kind, milliseconds) in [
      (Deadlines.Kind.idle, 100), (.head, 10), (.body, 20), (.write, 30), (.linger, 5),
    ] as [(Deadlines.Kind, Int64)] {
      deadlines.arm(3, kind, now: 7)
      let (earliest, before, after, runs) = (
        deadlines.earliest, deadlines.expired(now: 6 + milliseconds * Self.ms),
        deadlines.expired(now: 7 + milliseconds * Self.ms), deadlines.kind(3)
      )
      #expect(earliest == 7 + milliseconds * Self.ms)
      #expect(before == nil)
      #expect(after?.index == 3)
      #expect(after?.kind == kind)
      #expect(runs == kind)
    }
  }

  @Test func theEarliestOfAllKindsIsFound() {
    var deadlines = deadlines()
    deadlines.arm(0, .idle, now: 0)
    deadlines.arm(1, .head, now: 50 * Self.ms)
    let first = deadlines.earliest
    deadlines.arm(2, .linger, now: 54 * Self.ms)
    let second = deadlines.earliest
    deadlines.disarm(2)
    deadlines.disarm(1)
    let third = deadlines.earliest
    #expect(first == 60 * Self.ms)
    #expect(second == 59 * Self.ms)
    #expect(third == 100 * Self.ms)
  }

  @Test func armingAnewMovesToTheEnd() {
    var deadlines = deadlines()
    for index in 0..<4 { deadlines.arm(index, .idle, now: Int64(index)) }
    deadlines.arm(0, .idle, now: 10)
    deadlines.arm(2, .head, now: 11)
    var order: [Int] = []
    while let index = deadlines.longestWaiting {
      order.append(index)
      deadlines.disarm(index)
    }
    #expect(order == [1, 3, 0, 2], "whatever each waits for")
  }

  @Test func disarmingTwiceIsOnce() {
    var deadlines = deadlines()
    deadlines.arm(5, .write, now: 0)
    deadlines.disarm(5)
    deadlines.disarm(5)
    let (earliest, kind) = (deadlines.earliest, deadlines.kind(5))
    #expect(earliest == nil)
    #expect(kind == nil)
  }

  /// Against a model that knows each deadline by itself.
  @Test func anyOrderOfCalls() {
    var deadlines = deadlines()
    var model: [Int: (since: Int64, due: Int64)] = [:]
    let durations: [Deadlines.Kind: Int64] = [
      .idle: 100, .head: 10, .body: 20, .write: 30, .linger: 5,
    ]
    var random = SystemRandomNumberGenerator()
    for now in 0..<5_000 {
      let now = Int64(now)
      let index = Int.random(in: 0..<8, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0:
        deadlines.disarm(index)
        model[index] = nil
      default:
        let kind = Deadlines.Kind.allCases.randomElement(using: &random) ?? .idle
        deadlines.arm(index, kind, now: now)
        model[index] = (now, now + (durations[kind] ?? 0) * Self.ms)
      }
      let earliest = deadlines.earliest
      #expect(earliest == model.values.map(\.due).min())
      let longest = deadlines.longestWaiting
      #expect(longest == model.min { $0.value.since < $1.value.since }?.key)
    }
  }
}
