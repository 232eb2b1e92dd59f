internal import Synchronization

/// Carries requests to servers: libcurl's multi interface on a thread of its own. Any number of threads may send at once; each
/// waits for its own answer, and connections are shared and kept.
///
/// TLS is always verified. Redirects are never followed: a signed request means one host, and whoever answers otherwise shall be
/// reported. Proxies come from the environment. Nothing here belongs on an event loop: ``send(_:)`` waits.
public final class Transport: Sendable {
  private struct Inbox: Sendable {
    var arrivals: [Transfer] = []
    var isStopped = false
  }

  private let inbox = Mutex(Inbox())
  /// Nil where there was no memory for it; then every transfer fails.
  private let multi: MultiHandle?

  /// A transport whose thread is started by `start`, which is given the thread's name and what it does until ``stop()``.
  public init<Failure>(
    startingBy start: (String, @escaping @Sendable () -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    multi = MultiHandle()
    if let multi {
      try start("slotd-transport") { self.run(multi) }
    }
  }

  /// Sends `request` and waits for the answer, for ``HTTPRequest/timeout`` at most.
  ///
  /// Throws when none came; an answer that says no is an answer.
  public func send(_ request: HTTPRequest) throws(TransferError) -> HTTPResponse {
    let transfer = Transfer(request)
    guard let multi else { throw transfer.error(.noMemory) }
    let isTaken = inbox.withLock { inbox in
      if !inbox.isStopped { inbox.arrivals.append(transfer) }
      return !inbox.isStopped
    }
    guard isTaken else { throw transfer.error(.stopped) }
    multi.wake()
    return try transfer.wait().get()
  }

  /// Ends the thread; what is under way fails.
  public func stop() {
    inbox.withLock { $0.isStopped = true }
    multi?.wake()
  }

  // MARK: - On the transport's thread

  /// Longest sleep while nothing is to be done; libcurl wakes earlier for its own deadlines, and ``MultiHandle/wake()`` at once.
  private static let sleepMilliseconds: Int32 = 60_000

  private func run(_ multi: MultiHandle) {
    var underWay: [Int64: (transfer: Transfer, handle: EasyHandle)] = [:]
    var nextNumber: Int64 = 1
    while true {
      let (arrivals, isStopped) = inbox.withLock { inbox in
        defer { inbox.arrivals = [] }
        return (inbox.arrivals, inbox.isStopped)
      }
      if isStopped {
        for (transfer, handle) in underWay.values {
          multi.remove(handle)
          transfer.fail(.stopped)
        }
        for transfer in arrivals { transfer.fail(.stopped) }
        return
      }
      for transfer in arrivals {
        guard let handle = EasyHandle() else {
          transfer.fail(.noMemory)
          continue
        }
        if let code = transfer.prepare(handle) ?? multi.add(handle, number: nextNumber) {
          transfer.fail(code)
          continue
        }
        underWay[nextNumber] = (transfer, handle)
        nextNumber += 1
      }
      multi.perform()
      while let (number, code) = multi.nextEnded() {
        guard let (transfer, handle) = underWay.removeValue(forKey: number) else { continue }
        transfer.finish(handle, code)
        multi.remove(handle)
      }
      multi.wait(milliseconds: Self.sleepMilliseconds)
    }
  }
}
