import CLinux
import Glibc
import Meters
import ObjectStore
import Reactor
import Settings
import Signing
import Synchronization
import Wire

/// What the workers of a running slotd have in common; all of it can be used on any thread.
final class Shared: Sendable {
  /// The configuration that holds now.
  let state: Published<Snapshot>
  /// Where everything that is counted comes together.
  let registry: Registry
  /// Where all lines go.
  let log: LogOutput
  /// Hides users in the log, where no key is configured.
  let userKey: HMACKey
  /// When it started, in seconds since the beginning of 1970.
  let startedAt = slotd_unix_seconds()
  /// What the last hour brought.
  let history = History()
  /// Whether slotd was told to stop.
  let isStopping = Atomic<Bool>(false)
  /// Keeps an eye on the buckets.
  let watch: Watch
  /// Keeps the credentials fresh.
  let renewal: Renewal
  /// Does what an event loop must not wait for.
  let aside: Aside

  init(_ snapshot: Snapshot, _ registry: Registry) throws(SystemError) {
    state = Published(snapshot)
    self.registry = registry
    log = try LogOutput(snapshot.configuration)
    let transport = try Transport(startingBy: Thread.start)
    watch = Watch(state, over: transport, Log.logger(log))
    renewal = try Renewal(state, over: transport, Log.logger(log))
    aside = try Aside()
    var random = RandomBytes()
    var key = ByteBuffer(capacity: 64)
    guard random.appendHex(32, to: &key) else { throw SystemError("getrandom", -EIO) }
    userKey = HMACKey(key.bytes)
  }

  /// The text that Prometheus scrapes.
  func metrics() -> [UInt8] {
    let snapshot = state.current
    let health = watch.health.current
    snapshot.instruments.process.publish(to: registry)
    snapshot.instruments.credentials.publish(snapshot.keyring, to: registry)
    health.loading.instruments.buckets.publish(health, to: registry)
    return registry.text()
  }

  /// The page for people.
  func statusPage() -> [UInt8] {
    let snapshot = state.current
    let now = slotd_unix_seconds()
    let page = StatusPage(
      version: Program.version, startedAt: startedAt, now: now,
      isStopping: isStopping.load(ordering: .acquiring),
      hosts: StatusPage.hosts(of: snapshot, watch.health.current, at: now),
      minutes: history.minutes(snapshot.instruments, in: registry))
    return page.html
  }
}
