internal import CLinux
internal import Synchronization
internal import Wire

/// One thread's event loop: it owns its listeners, its connections and their buffers, and shares nothing.
///
/// Read it from ``run()``. `Worker+Accept` brings connections in, `Worker+Drive` moves one forward as far as it goes,
/// `Worker+Requests` and `Worker+Bodies` make requests of bytes, `Worker+Responses` and `Worker+Output` see the answers off.
struct Worker: ~Copyable {
  /// What a worker needs from the thread that starts it.
  struct Plan: Sendable {
    var connectionsMax: Int
    var timeouts: Timeouts
    var mailbox: Mailbox
    var makeServices: @Sendable (Clock) -> [Service]
    /// Called on the worker's thread when it has ended.
    var ended: @Sendable () -> Void
  }

  /// One socket that connections are accepted on.
  struct Listener: ~Copyable {
    let descriptor: Descriptor
    let address: ListenAddress
    let service: Int
    /// Whether other workers accept on the same open socket.
    let shared: Bool
  }

  let plan: Plan
  let clock = Clock()
  let services: [Service]
  let epoll: Descriptor

  var listeners: Slab<Listener?>
  /// When accepting goes on, after the process had no descriptors left; nil while it is not paused.
  var acceptsAgainAt: Int64?

  var connections: Slab<Connection?>
  /// Counts the connections that each place has had, so that an event for an earlier one is recognised.
  var generations: Slab<UInt32>
  /// Places that connections have left, a stack: a quiet worker begins no others, and touches little memory.
  var free: Slab<Int32>
  var deadlines: Deadlines
  /// Connections that stopped in the middle to let others have a turn.
  var again: [Int] = []

  var inputs: BufferPool
  var outputs: BufferPool
  /// Where heads are parsed into.
  var head = RequestHead()
  var draining = false
  var stopped = false
  private let pinned = Pinned()

  /// Event tokens from here on are listeners, and the mailbox; below, connections.
  static let listenerToken: UInt64 = 0xFFFF_FFFF_0000_0000
  static let mailboxToken: UInt64 = .max
  /// Listeners that a worker has room for: when a configuration takes another's place, there are those of both.
  private static let listenerPlaces = 2 * Limits.listenersMax
  /// Events taken from the kernel in one call.
  static let eventsMax = 256

  init(_ plan: Plan) throws(SystemError) {
    let epoll = try Descriptor("epoll_create1", slotd_epoll_create())
    let added = slotd_epoll_add_reader(
      epoll.rawValue, plan.mailbox.descriptor, Self.mailboxToken, false)
    guard added >= 0 else { throw SystemError("epoll_ctl", added) }
    self.plan = plan
    self.epoll = epoll
    let count = plan.connectionsMax
    listeners = Slab(count: Self.listenerPlaces) { _ in nil }
    connections = Slab(capacity: count)
    generations = Slab(capacity: count)
    free = Slab(capacity: count)
    deadlines = Deadlines(capacity: count, timeouts: plan.timeouts)
    inputs = BufferPool(bytes: Limits.requestBytesMax)
    outputs = BufferPool(bytes: Limits.responseBytesMax)
    again.reserveCapacity(count)
    services = plan.makeServices(clock)
  }

  /// Runs until it is told to stop, or is drained.
  mutating func run() {
    slotd_block_pipe_signal()
    var events = [256 of slotd_event](repeating: slotd_event(token: 0, flags: 0, padding: 0))
    while !stopped && !(draining && free.count == connections.count) {
      var span = events.mutableSpan
      let count = slotd_epoll_wait(epoll.rawValue, &span, waitMilliseconds)
      clock.update()
      for i in services.indices { services[i].turn() }
      for i in 0..<max(Int(count), 0) { handle(events[i]) }
      runAgain()
      expire()
    }
    for index in 0..<connections.count where connections[index] != nil { release(index) }
    plan.ended()
  }

  private mutating func handle(_ event: slotd_event) {
    if event.token == Self.mailboxToken { return readMail() }
    if event.token >= Self.listenerToken {
      return accept(
        Int(truncatingIfNeeded: event.token & 0xFFFF), atMost: Self.acceptsPerTurn)
    }
    guard let index = connectionIndex(event.token) else { return }
    if event.flags & UInt32(SLOTD_READABLE) != 0 { connections[index]?.readable = true }
    if event.flags & UInt32(SLOTD_WRITABLE) != 0 { connections[index]?.writable = true }
    if event.flags & UInt32(SLOTD_ENDED) != 0 { connections[index]?.ended = true }
    drive(index)
  }

  // MARK: - Tokens

  func token(_ index: Int) -> UInt64 {
    UInt64(generations[index]) << 32 | UInt64(UInt32(truncatingIfNeeded: index))
  }

  /// The place of the connection that `token` was made for, or nil when it is gone.
  private func connectionIndex(_ token: UInt64) -> Int? {
    let index = Int(token & 0xFFFF_FFFF)
    guard index < connections.count, generations[index] == UInt32(token >> 32),
      connections[index] != nil
    else { return nil }
    return index
  }

  // MARK: - Mail

  private mutating func readMail() {
    for message in plan.mailbox.empty() {
      switch message {
      case .wake(let token):
        guard let index = connectionIndex(token) else { continue }
        connections[index]?.stalled = false
        drive(index)
      case .listen(let descriptor, let address, let service, let shared):
        listen(Descriptor(owning: descriptor), at: address, service: service, shared: shared)
      case .close(let address):
        close { $0 == address }
      case .echo:
        plan.mailbox.echoes.add(1, ordering: .relaxed)
      case .turn:
        // The turn that reads this has begun already, and its services with it.
        break
      case .drain:
        drain()
      case .stop:
        stopped = true
      }
    }
  }

  private mutating func drain() {
    draining = true
    close { _ in true }
    // A request may have come since the last look. Where none has, a connection that had its answers ends here.
    for index in 0..<connections.count where isIdle(index) {
      connections[index]?.readable = true
      drive(index)
    }
  }

  private func isIdle(_ index: Int) -> Bool {
    switch connections[index] {
    case .some(let connection): connection.isIdle
    case .none: false
    }
  }

  // MARK: - Time

  private var waitMilliseconds: Int32 {
    guard again.isEmpty else { return 0 }
    let next = min(deadlines.earliest ?? .max, acceptsAgainAt ?? .max)
    guard next < .max else { return -1 }
    // Rounded up, or the loop would spin through the last millisecond.
    let left = (next - clock.monotonic + 999_999) / 1_000_000
    return Int32(truncatingIfNeeded: min(max(left, 0), 60_000))
  }

  private mutating func runAgain() {
    // Those that yield once more stand behind these, for the next turn.
    let count = again.count
    for i in 0..<count { drive(again[i]) }
    again.removeFirst(count)
  }

  private mutating func expire() {
    while let (index, kind) = deadlines.expired(now: clock.monotonic) {
      deadlines.disarm(index)
      switch kind {
      case .head: refuse(index, .headTimeout)
      case .body: refuse(index, .bodyTimeout)
      case .idle, .write, .linger: release(index)
      }
    }
    if let due = acceptsAgainAt, due <= clock.monotonic { resumeAccepting() }
  }
}
