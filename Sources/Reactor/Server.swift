internal import CLinux
internal import Synchronization
public import Wire

/// A group of workers, each with its own thread, that serve the same listeners.
///
/// ```swift
/// let server = try Server(workers: 2, connectionsMax: 20_000, timeouts: Timeouts()) { clock in [MyService(clock)] }
/// let bound = try server.listen(address, service: 0)
/// server.drain(within: .seconds(30))
/// ```
public final class Server: Sendable {
  private let mailboxes: [Mailbox]
  private let running: Atomic<Int>
  private let ended: Latch
  /// Unix sockets whose files are ours to remove.
  private let files = Mutex<[ListenAddress]>([])

  /// Starts `workers` threads that wait for listeners. `makeServices` is called on each of them, with its clock; a
  /// listener names its service by the place in what it returns.
  ///
  /// Throws where the system has no room for the threads or their descriptors.
  public init(
    name: String = "slotd", workers: Int, connectionsMax: Int, timeouts: Timeouts,
    makeServices: @escaping @Sendable (Clock) -> [Service]
  ) throws(SystemError) {
    precondition(workers > 0 && connectionsMax > 0)
    var mailboxes: [Mailbox] = []
    for _ in 0..<workers { mailboxes.append(try Mailbox()) }
    self.mailboxes = mailboxes
    running = Atomic(workers)
    ended = try Latch()
    for (number, mailbox) in mailboxes.enumerated() {
      let plan = Worker.Plan(
        connectionsMax: max(connectionsMax / workers, 1), timeouts: timeouts, mailbox: mailbox,
        makeServices: makeServices, ended: { [self] in workerEnded() })
      try Thread.start("\(name)-\(number)") {
        do throws(SystemError) {
          var worker = try Worker(plan)
          worker.run()
        } catch {
          fatalError("a worker could not start: \(error)")
        }
      }
    }
  }

  /// Listens on `address` for the service of that number; returns the address with the port that was bound.
  ///
  /// TCP sockets are opened once a worker, and the kernel spreads connections over them; a unix socket is shared. The caller sees to it
  /// that there are never more than twice ``Limits/listenersMax`` listeners.
  public func listen(_ address: ListenAddress, service: Int) throws(SystemError) -> ListenAddress {
    let first = try address.open()
    let port = slotd_bound_port(first.rawValue)
    guard port >= 0 else { throw SystemError("getsockname", port) }
    if case .unix = address {
      try share(first, as: address, service: service)
      files.withLock { $0.append(address) }
      return address
    }
    let bound = address.with(port: UInt16(truncatingIfNeeded: port))
    // All are opened before any worker gets one, so that an error leaves nothing half done.
    var others: [Int32] = []
    do throws(SystemError) {
      for _ in mailboxes.dropFirst() { others.append(try bound.open(first: false).release()) }
    } catch {
      for other in others { _ = slotd_close(other) }
      throw error
    }
    for (mailbox, descriptor) in zip(mailboxes, [first.release()] + others) {
      mailbox.post(
        .listen(descriptor: descriptor, address: bound, service: service, shared: false))
    }
    return bound
  }

  /// Accepts on an open socket that listens at `address` already, on all workers.
  public func share(
    _ socket: borrowing Descriptor, as address: ListenAddress, service: Int
  ) throws(SystemError) {
    for mailbox in mailboxes {
      let copy = try Descriptor("dup", slotd_duplicate(socket.rawValue))
      mailbox.post(
        .listen(descriptor: copy.release(), address: address, service: service, shared: true))
    }
  }

  /// Accepts no more at `address`, which ``listen(_:service:)`` returned or ``share(_:as:service:)`` was given; connections that
  /// exist go on.
  public func close(_ address: ListenAddress) {
    let isOurs = files.withLock { files in
      guard let place = files.firstIndex(of: address) else { return false }
      files.remove(at: place)
      return true
    }
    // While the socket still listens: afterwards, the file could be another process's already.
    if isOurs { address.removeFile() }
    for mailbox in mailboxes { mailbox.post(.close(address)) }
  }

  /// Whether all workers turn: each is asked, and has so long to answer.
  public func turns(within limit: Duration) -> Bool {
    let before = mailboxes.map { $0.echoes.load(ordering: .relaxed) }
    for mailbox in mailboxes { mailbox.post(.echo) }
    let due = Clock.now + limit.nanoseconds
    while zip(mailboxes, before).contains(where: { $0.echoes.load(ordering: .relaxed) == $1 }) {
      guard Clock.now < due else { return false }
      _ = ended.wait(.milliseconds(1))
    }
    return true
  }

  /// Lets every worker take a turn soon, even where nothing else wakes it: so that its services see what was published, and let go of
  /// what that replaced.
  public func nudge() {
    for mailbox in mailboxes { mailbox.post(.turn) }
  }

  /// Accepts no more, answers what is under way, and ends; returns whether that was possible in time. Else connections were cut.
  @discardableResult
  public func drain(within limit: Duration) -> Bool {
    // While the sockets still listen: afterwards, the files could be another process's already.
    for file in files.withLock({ $0 }) { file.removeFile() }
    for mailbox in mailboxes { mailbox.post(.drain) }
    if ended.wait(limit) { return true }
    for mailbox in mailboxes { mailbox.post(.stop) }
    ended.wait(.seconds(1))
    return false
  }

  private func workerEnded() {
    if running.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { ended.open() }
  }
}
