import CLinux
import Reactor
import Synchronization

/// One thread for what no event loop may wait for and nobody is in a hurry for: texts of any size.
final class Aside: Sendable {
  private let jobs = Mutex<[@Sendable () -> Void]>([])
  private let event: Descriptor

  /// Starts the thread, which lasts as long as the process.
  init() throws(SystemError) {
    event = try Descriptor("eventfd", slotd_eventfd())
    try Thread.start("slotd-aside") { self.run() }
  }

  /// Has `job` done after those that wait already.
  func run(_ job: @escaping @Sendable () -> Void) {
    jobs.withLock { $0.append(job) }
    slotd_eventfd_signal(event.rawValue)
  }

  private func run() {
    while true {
      _ = slotd_poll_readable(event.rawValue, -1)
      slotd_eventfd_drain(event.rawValue)
      let waiting = jobs.withLock { jobs in
        let all = jobs
        jobs = []
        return all
      }
      for job in waiting { job() }
    }
  }
}
