import Meters
import Reactor

/// What the workers of a running slotd have in common; all of it can be used on any thread.
final class Shared: Sendable {
  /// The configuration that holds now.
  let state: Published<Snapshot>
  /// Where everything that is counted comes together.
  let registry: Registry
  /// Does what an event loop must not wait for.
  let aside: Aside

  init(_ snapshot: Snapshot, _ registry: Registry) throws(SystemError) {
    state = Published(snapshot)
    self.registry = registry
    aside = try Aside()
  }

  /// The text that Prometheus scrapes.
  func metrics() -> [UInt8] {
    state.current.instruments.process.publish(to: registry)
    return registry.text()
  }
}
