import Logging
import ObjectStore
import Reactor
import Settings
import Synchronization

/// Probes the buckets of the running configuration, each on a thread of its own, and publishes what comes of it.
///
/// No worker ever waits for anything here: they look at ``health``.
final class Watch: Sendable {
  /// How it stands now.
  let health: Published<Health>
  private let state: Published<Snapshot>
  private let log: Logger
  /// What ends the threads that probe the configuration that holds, and keeps two of them from publishing at once.
  private let round: Mutex<Latch?>
  private let transport: Transport

  init(_ state: Published<Snapshot>, over transport: Transport, _ log: Logger) {
    self.state = state
    self.transport = transport
    let snapshot = state.current
    health = Published(Health(snapshot.loading, [], []).adopting(snapshot))
    self.log = log
    round = Mutex(nil)
  }

  /// Probes the buckets of `snapshot` from now on, and no others.
  func begin(_ snapshot: Snapshot) throws(SystemError) {
    let latch = try Latch()
    let health = round.withLock { round in
      round?.open()
      round = latch
      let new = self.health.current.adopting(snapshot)
      self.health.publish(new)
      return new
    }
    guard snapshot.configuration.probeIntervalSeconds > 0 else { return }
    let loading = snapshot.loading
    for place in health.targets.indices {
      try Thread.start("slotd-probe-\(place)") {
        self.watch(place, loading, until: latch)
      }
    }
  }

  /// Says that a new configuration was bad.
  func noteStale() {
    round.withLock { _ in health.publish(health.current.with(isStale: true)) }
  }

  // MARK: - On a bucket's thread

  private func watch(_ place: Int, _ loading: Loading, until latch: Latch) {
    let configuration = loading.configuration
    let target = health.current.targets[place]
    while !latch.isOpen, let result = probe(target, loading) {
      guard let known = record(result, place, latch, configuration.probeFailures) else { return }
      latch.wait(
        known.delay(
          interval: configuration.probeIntervalSeconds, failuresMax: configuration.probeFailures,
          fraction: Double.random(in: 0...1)))
    }
  }

  /// Probes with the credentials of the moment, which are held no longer than that; nil where the configuration was replaced.
  private func probe(_ target: BucketTarget, _ loading: Loading) -> ProbeResult? {
    let newest = state.current
    guard newest.loading === loading else { return nil }
    return Probe.result(for: target, in: newest, over: transport)
  }

  /// Publishes a result; nil where the configuration is not the one that holds any more.
  private func record(
    _ result: ProbeResult, _ place: Int, _ latch: Latch, _ failuresMax: Int
  ) -> BucketHealth? {
    round.withLock { round in
      guard round === latch else { return nil }
      let health = health.current
      let old = health.buckets[place]
      let new = old.with(result, failuresMax: failuresMax)
      self.health.publish(health.with(bucket: (place, new)))
      tell(health.targets[place], old, new)
      return new
    }
  }

  /// One line when it stands otherwise than before, and not one for each probe.
  private func tell(_ target: BucketTarget, _ old: BucketHealth, _ new: BucketHealth) {
    let bucket = "\(target.hosts.joined(separator: ", ")): the bucket \(target.view.url)"
    if new.leavesFiles, !old.leavesFiles, let trouble = new.latest?.trouble {
      log.warning("\(bucket) works, but \(trouble)")
    }
    guard new.standing != old.standing else { return }
    switch new.standing {
    case .unknown: return
    case .ok:
      log.notice("\(bucket) works\(old.standing == .unknown ? "" : " again")")
    case .suspected, .down:
      guard let trouble = new.latest?.obstacle else { return }
      let level: Logger.Level = new.standing == .down ? .error : .warning
      let probes = new.failures == 1 ? "a probe" : "\(new.failures) probes in a row"
      log.log(level: level, "\(bucket) failed \(probes): \(trouble)")
    }
  }
}
