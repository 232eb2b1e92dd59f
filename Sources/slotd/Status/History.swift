import Meters
import Synchronization

/// What the last hour brought, minute by minute: for the picture on the status page. Prometheus does this better; this is for who has none.
final class History: Sendable {
  /// What came in one minute.
  struct Minute: Sendable {
    var granted: UInt64 = 0
    var denied: UInt64 = 0
    /// Nanoseconds within which half of the slots were granted, and 99 of 100; nil where there were none.
    var median: UInt64?
    var tail: UInt64?
  }

  private struct State {
    var minutes: [Minute] = []
    /// What had been counted when the present minute began.
    var observed: Observations?
    var denied: UInt64 = 0
  }

  /// How many minutes are kept.
  static let minutesMax = 60

  private let state = Mutex(State())

  /// Ends a minute.
  func tick(_ instruments: Instruments, in registry: Registry) {
    let (observed, denied) = instruments.totals(in: registry)
    state.withLock { state in
      if state.observed != nil {
        state.minutes.append(Self.minute(state, observed, denied))
        state.minutes = state.minutes.suffix(Self.minutesMax - 1)
      }
      (state.observed, state.denied) = (observed, denied)
    }
  }

  /// The minutes that are over, the oldest first, and the present one as far as it is.
  func minutes(_ instruments: Instruments, in registry: Registry) -> [Minute] {
    let (observed, denied) = instruments.totals(in: registry)
    return state.withLock { $0.minutes + [Self.minute($0, observed, denied)] }
  }

  private static func minute(
    _ state: State, _ observed: Observations, _ denied: UInt64
  ) -> Minute {
    let new = state.observed.map { observed.since($0) } ?? observed
    return Minute(
      granted: new.count,
      // A host that left the configuration takes its counters along.
      denied: denied > state.denied ? denied - state.denied : 0,
      median: new.quantile(0.5), tail: new.quantile(0.99))
  }
}
