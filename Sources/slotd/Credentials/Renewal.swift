import CLinux
import Logging
import ObjectStore
import Reactor
import Signing
import Synchronization
import Wire

/// Keeps the credentials of the running configuration fresh, on a thread of its own, and publishes each new state of them as a new
/// snapshot. No worker ever waits for anything here.
final class Renewal: Sendable {
  private let state: Published<Snapshot>
  private let transport: Transport
  private let log: Logger
  private let event: Descriptor
  /// Keeps a snapshot with new credentials from taking the place of one with a new configuration.
  private let turnstile = Mutex<Void>(())

  /// Seconds between two looks at files.
  private static let lookSeconds: Int64 = 1
  /// Seconds that the thread sleeps at most: somebody may set the clock.
  private static let sleepSecondsMax: Int64 = 60

  /// A renewal for whatever `state` holds.
  init(
    _ state: Published<Snapshot>, over transport: Transport, _ log: Logger
  ) throws(SystemError) {
    self.state = state
    self.transport = transport
    self.log = log
    event = try Descriptor("eventfd", slotd_eventfd())
  }

  /// Starts the thread, which lasts as long as the process. `publish` is called on it when there is a new snapshot.
  func start(_ published: @escaping @Sendable () -> Void) throws(SystemError) {
    try Thread.start("slotd-keys") { self.run(published) }
  }

  /// Publishes a snapshot of another configuration.
  func publish(_ snapshot: Snapshot) {
    turnstile.withLock { _ in state.publish(snapshot) }
    slotd_eventfd_signal(event.rawValue)
  }

  /// Publishes other credentials for the configuration that `loading` is, unless that was replaced; returns what was published before.
  private func publish(_ keyring: Keyring, of loading: Loading) -> Snapshot? {
    turnstile.withLock { _ in
      let current = state.current
      guard current.loading === loading else { return nil }
      state.publish(Snapshot(current, with: keyring))
      return current
    }
  }

  // MARK: - On the thread

  /// What the thread remembers from one turn to the next.
  private struct Memory {
    /// Which loading of a configuration the rest is about.
    var loading: Loading
    var keyring: Keyring
    /// What the log said last of each entry.
    var told: [Standing]
    /// A snapshot that was replaced. It is dropped here and a while later: to free it is no work for an event loop.
    var retired: Snapshot?

    init(_ snapshot: Snapshot) {
      loading = snapshot.loading
      keyring = snapshot.keyring
      told = keyring.entries.map { _ in .untold }
    }

    /// Begins anew where the configuration is another one.
    mutating func follow(_ snapshot: Snapshot) {
      if snapshot.loading !== loading { self = Memory(snapshot) }
    }
  }

  private func run(_ published: () -> Void) {
    var memory = Memory(state.current)
    while true {
      turn(&memory, published)
      sleep(memory)
    }
  }

  private func turn(_ memory: inout Memory, _ published: () -> Void) {
    memory.retired = nil
    memory.follow(state.current)
    for place in memory.keyring.entries.indices {
      let now = Clock().unixSeconds
      if memory.keyring.entries[place].keeper.isDue(at: now) {
        if memory.keyring.entries[place].keeper.refresh(over: transport, at: now) {
          memory.retired = publish(memory.keyring, of: memory.loading) ?? memory.retired
          published()
        }
      }
      tell(memory.keyring.entries[place], &memory.told[place])
    }
  }

  private func sleep(_ memory: borrowing Memory) {
    let now = Clock().unixSeconds
    var seconds = Self.sleepSecondsMax
    for entry in memory.keyring.entries {
      if let pause = entry.keeper.pause(at: now) { seconds = min(seconds, pause) }
      if entry.keeper.watchesFiles { seconds = min(seconds, Self.lookSeconds) }
    }
    if memory.retired != nil { seconds = min(seconds, Self.lookSeconds) }
    _ = slotd_poll_readable(event.rawValue, Int32(truncatingIfNeeded: max(seconds, 0) * 1000))
    slotd_eventfd_drain(event.rawValue)
  }

  // MARK: - Telling

  /// How it stands with credentials, as the log told it last.
  private enum Standing: Equatable {
    case untold
    /// They are good, until then where they end.
    case good(key: String, until: Int64?)
    /// They are good, but their successors could not be got.
    case failing(CredentialFailure)
    /// There are none that are good.
    case none(CredentialFailure?)
  }

  /// One line when it stands otherwise than before, and not one for each attempt.
  private func tell(_ entry: Keyring.Entry, _ told: inout Standing) {
    let keeper = entry.keeper
    let now = Clock().unixSeconds
    let standing: Standing
    if !keeper.isUsable(at: now) {
      standing = .none(keeper.failure)
    } else if let failure = keeper.failure {
      standing = .failing(failure)
    } else {
      standing = .good(
        key: keeper.credentials?.description ?? "", until: keeper.credentials?.expiresAt)
    }
    guard standing != told else { return }
    let before = told
    told = standing
    let until = keeper.credentials?.expiresAt.map {
      ", good until \(CivilTime(unixSeconds: $0).rfc3339)"
    }
    switch standing {
    case .untold, .none(nil): return
    case .good(let key, _):
      // That an hourly session was renewed is no news; that it could be at last is.
      var level = Logger.Level.notice
      if case .good = before { level = .info }
      log.log(
        level: level,
        "\(entry.name): signing with \(key) from \(keeper.source ?? "nowhere")\(until ?? "")")
    case .failing(let failure):
      log.warning(
        "\(entry.name): the credentials could not be renewed; those that are there are used on\(until ?? ""): \(failure)"
      )
    case .none(let failure?):
      log.error("\(entry.name): there are no credentials, so no slots are granted: \(failure)")
    }
  }
}
