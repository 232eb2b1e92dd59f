import Meters
import Slots
import Wire

/// What one worker counts of its slot listener.
struct ServiceMeters: ~Copyable {
  private var tally: Tally
  private var instruments: Instruments
  private let pinned = Pinned()

  init(_ instruments: Instruments, in registry: Registry) {
    tally = registry.tally()
    self.instruments = instruments.copy
  }

  /// Counts in the series of another configuration from now on.
  mutating func adopt(_ instruments: Instruments) {
    tally.adopt()
    self.instruments = instruments.copy
  }

  /// Counts a slot that the service of that number granted, for a file of `size` bytes, in so many nanoseconds.
  func granted(by host: Int, size: UInt64, nanoseconds: UInt64) {
    let host = instruments.hosts[host]
    tally.add(to: host.outcomes[Outcome.granted.rawValue])
    tally.add(to: host.mongooseCount)
    tally.observe((nanoseconds + 500) / 1_000, in: host.mongooseTime)
    tally.observe(nanoseconds, in: instruments.slotDuration)
    tally.observe(size, in: instruments.slotBytes)
  }

  /// Counts a slot that was denied, by the service of that number where it came to one.
  func denied(_ outcome: Outcome, by host: Int?) {
    guard let host else { return tally.add(to: instruments.hostless[outcome.rawValue]) }
    tally.add(to: instruments.hosts[host].outcomes[outcome.rawValue])
  }

  /// Counts an answer.
  func answered(_ route: Route?, _ status: Status) {
    if let counter = instruments.request(route, status) { tally.add(to: counter) }
  }

  /// Counts a connection that began.
  func connectionBegan() { tally.add(to: instruments.connections) }

  /// Counts a connection that ended. It began on the same worker, so the count never goes below zero.
  func connectionEnded() { tally.subtract(from: instruments.connections) }
}
