import ArgumentParser
import CLinux
import EmbeddedBucket
import Glibc
import Logging
import Meters
import Reactor
import Settings
import Synchronization

/// The service while it runs: its servers, the configuration they work with, and what signals do to it.
final class Running {
  /// Where the configuration comes from, or nil where it cannot be loaded anew.
  private let options: ConfigurationOptions?
  private let supervisor = Supervisor(Terminal.environment)
  private let shared: Shared
  private let server: Server
  private var listeners: Listeners
  /// The embedded bucket, where there is one, and the server of its own that it has: a slot never waits behind a file.
  let embedded: Embedded?
  private let bucketServer: Server?
  private let log: Logger
  /// When the supervisor wants the next sign of life, in nanoseconds of the monotonic clock.
  private var aliveAgainAt: Int64
  /// When the present minute of the history ends.
  private var minuteEndsAt: Int64

  /// Starts serving; prints what is in the way and ends, if something is.
  init(_ configuration: Configuration, from options: ConfigurationOptions?) throws(ExitCode) {
    self.options = options
    // Before any thread is there, so that all of them have the signals blocked and one can wait for them.
    slotd_block_signals()
    if !configuration.coreDumps { slotd_hide_memory() }
    let registry = Registry()
    let snapshot: Snapshot
    do throws(ConfigurationError) {
      embedded = try configuration.embedded.map { bucket throws(ConfigurationError) in
        try Embedded(bucket)
      }
      var keyring = try Keyring(configuration, environment: Terminal.environment)
      keyring.readLocal()
      snapshot = try Snapshot(configuration, keyring, in: registry)
    } catch {
      throw Exit.complaining(error.description, Exit.configuration)
    }
    do throws(SystemError) {
      let shared = try Shared(snapshot, registry)
      self.shared = shared
      log = Log.logger(shared.log)
      server = try Self.server("slots", configuration) { clock in [SlotService(shared, clock)] }
      bucketServer = try Self.bucketServer(embedded, configuration, log, isDemo: options == nil)
      try shared.renewal.start { [server] in server.nudge() }
    } catch {
      throw Exit.complaining("slotd cannot start its threads: \(error).")
    }
    do throws(Listeners.Obstacle) {
      listeners = try Listeners(
        slots: server, bucket: bucketServer, supervisor, configuration)
      listeners.commit(try listeners.begin(configuration))
    } catch {
      throw Exit.complaining("\(error.sentence).")
    }
    if let path = configuration.pidFile {
      // Safe: the string is lent for the call.
      let result = unsafe slotd_write_pid(path)
      guard result == 0 else {
        let text = SystemError("open", result).text
        throw Exit.complaining("slotd cannot write its pid_file \(path): \(text).")
      }
    }
    for open in listeners.open { log.notice("\(open.site.prefix)listening on \(open.bound)") }
    for name in embedded?.store.strangeFiles ?? [] {
      log.warning("the bucket's directory has a file that is no object: \(name)")
    }
    do throws(SystemError) {
      try shared.watch.begin(snapshot)
    } catch {
      throw Exit.complaining("slotd cannot start the threads that probe buckets: \(error).")
    }
    log.notice("ready", metadata: ["version": "\(Program.version)"])
    supervisor.ready()
    aliveAgainAt = Clock.now
    minuteEndsAt = Clock.now
  }

  /// Connections that each server has room for: those wanted, as far as descriptors are left for files, buckets and listeners. Who takes
  /// all others must not keep a configuration from being loaded.
  private static func connectionsMax(_ configuration: Configuration) -> Int {
    let openFiles = Int(slotd_raise_open_files())
    let left = max(openFiles - 256, openFiles / 2)
    return min(configuration.connectionsMax, max(left / (configuration.embedded == nil ? 1 : 2), 1))
  }

  private static func server(
    _ name: String, _ configuration: Configuration,
    _ makeServices: @escaping @Sendable (Clock) -> [Service]
  ) throws(SystemError) -> Server {
    try Server(
      name: name, workers: configuration.workers.number,
      connectionsMax: connectionsMax(configuration), timeouts: Timeouts(configuration),
      makeServices: makeServices)
  }

  private static func bucketServer(
    _ embedded: Embedded?, _ configuration: Configuration, _ log: Logger, isDemo: Bool
  ) throws(SystemError) -> Server? {
    guard let embedded else { return nil }
    // What is uploaded is nobody's business but in a demonstration.
    let observer: (@Sendable (BucketEvent) -> Void)?
    if isDemo {
      observer = { event in log.info("\(event.method) \(event.path) \(event.status)") }
    } else {
      observer = nil
    }
    return try server("bucket", configuration) { clock in [embedded.service(clock, observer)] }
  }

  /// Serves until a signal ends it; the code to exit with.
  func untilStopped() -> ExitCode {
    while true {
      switch slotd_next_signal(housekeeping()) {
      case SIGHUP: reload()
      case SIGUSR1: shift(-1)
      case SIGUSR2: shift(1)
      case SIGTERM, SIGINT:
        let code = stop()
        shared.log.flush()
        return code
      default: continue
      }
    }
  }

  /// Does what is due; milliseconds until something is again.
  private func housekeeping() -> Int32 {
    if Clock.now >= minuteEndsAt {
      minuteEndsAt = Clock.now + 60_000_000_000
      shared.history.tick(shared.state.current.instruments, in: shared.registry)
      slotd_return_memory()
    }
    if let interval = supervisor.watchdogInterval, Clock.now >= aliveAgainAt {
      aliveAgainAt = Clock.now + interval
      // One that stands still is what the supervisor is there for.
      if server.turns(within: .nanoseconds(interval)) {
        supervisor.alive()
      } else {
        log.critical("a worker stands still")
      }
    }
    let due = supervisor.watchdogInterval == nil ? minuteEndsAt : min(minuteEndsAt, aliveAgainAt)
    return Int32(truncatingIfNeeded: max(due - Clock.now, 0) / 1_000_000 + 1)
  }

  /// Has the log say more, or less, until the configuration is loaded anew.
  private func shift(_ steps: Int) {
    let level = shared.log.shift(steps)
    // Said as the gravest of events, so that it is seen whatever the level is.
    log.critical("log level changed", metadata: ["now": "\(level.rawValue)"])
  }

  // MARK: - Reload

  private func reload() {
    guard let options else { return }
    supervisor.reloading()
    defer { supervisor.ready() }
    let before = shared.state.current.configuration
    let loaded = Configuration.load(file: options.path, environment: Terminal.environment)
    for note in loaded.notes { log.warning("\(note)") }
    switch loaded.result {
    case .success(let configuration):
      adopt(configuration, insteadOf: before)
      slotd_return_memory()
    case .failure(let mistakes): keep(mistakes.all.map(\.description))
    }
  }

  /// Works with another configuration from now on; where something is in its way, nothing changes.
  private func adopt(_ configuration: Configuration, insteadOf before: Configuration) {
    do throws(Listeners.Obstacle) {
      let change = try listeners.begin(configuration)
      let snapshot: Snapshot
      do throws(ConfigurationError) {
        try Embedded.check(configuration.embedded, insteadOf: embedded)
        var keyring = try Keyring(
          configuration, environment: Terminal.environment,
          continuing: shared.state.current.keyring)
        keyring.readLocal()
        snapshot = try Snapshot(configuration, keyring, in: shared.registry)
      } catch {
        listeners.abandon(change)
        return keep([error.description])
      }
      // First the bucket: it must know what a slot of the new configuration is for.
      if let settings = configuration.embedded { embedded?.adopt(settings) }
      shared.renewal.publish(snapshot)
      shared.log.adopt(configuration)
      listeners.commit(change)
      for open in change.opened { log.notice("\(open.site.prefix)listening on \(open.bound)") }
      for open in change.closed {
        log.notice("\(open.site.prefix)no longer listening on \(open.bound)")
      }
      watch(snapshot)
      // An event loop without requests would keep the old one, and its secrets.
      server.nudge()
    } catch {
      return keep([error.sentence])
    }
    for key in before.changesAtStartOnly(comparedTo: configuration) {
      log.warning("\(key) stays as it was until slotd is started again")
    }
    log.notice("configuration loaded anew")
  }

  private func watch(_ snapshot: Snapshot) {
    do throws(SystemError) {
      try shared.watch.begin(snapshot)
    } catch {
      log.error("the buckets are not probed, because the system has no room for that: \(error)")
    }
  }

  private func keep(_ reasons: [String]) {
    shared.watch.noteStale()
    for reason in reasons { log.error("the configuration stays as it was: \(reason)") }
  }

  // MARK: - Stop

  private func stop() -> ExitCode {
    log.notice("stopping")
    supervisor.stopping()
    // Not ready first, and for a while if that is wanted: whoever spreads requests looks elsewhere before connections are refused.
    shared.isStopping.store(true, ordering: .releasing)
    let configuration = shared.state.current.configuration
    let delay = Int32(truncatingIfNeeded: configuration.shutdownDelaySeconds * 1_000)
    // Told to stop a second time, it does at once.
    if delay > 0 { _ = slotd_next_signal(delay) }
    let limit = Duration.seconds(configuration.shutdownTimeoutSeconds)
    let drained = [server, bucketServer].compactMap { $0?.drain(within: limit) }
    if drained.allSatisfy({ $0 }) {
      log.notice("stopped")
    } else {
      log.warning("stopped; some requests were not answered within \(limit)")
    }
    if let path = configuration.pidFile {
      // Safe: the string is lent for the call.
      unsafe _ = unlink(path)
    }
    return .success
  }
}

extension Configuration {
  /// Keys whose values differ between both configurations, and which count at the start only: workers and their memory are there from
  /// then on.
  fileprivate func changesAtStartOnly(comparedTo other: Configuration) -> [String] {
    let differences = [
      ("workers", workers != other.workers),
      ("connections_max", connectionsMax != other.connectionsMax),
      ("head_timeout", headTimeoutSeconds != other.headTimeoutSeconds),
      ("body_timeout", bodyTimeoutSeconds != other.bodyTimeoutSeconds),
      ("idle_timeout", idleTimeoutSeconds != other.idleTimeoutSeconds),
      ("write_timeout", writeTimeoutSeconds != other.writeTimeoutSeconds),
      ("pid_file", pidFile != other.pidFile), ("core_dumps", coreDumps != other.coreDumps),
    ]
    return differences.filter(\.1).map(\.0)
  }
}

extension Workers {
  /// How many event loops these are on this machine.
  var number: Int {
    switch self {
    case .auto: Int(slotd_processors())
    case .count(let count): count
    }
  }
}

extension Timeouts {
  init(_ configuration: Configuration) {
    self.init()
    idle = .seconds(configuration.idleTimeoutSeconds)
    head = .seconds(configuration.headTimeoutSeconds)
    body = .seconds(configuration.bodyTimeoutSeconds)
    write = .seconds(configuration.writeTimeoutSeconds)
  }
}
