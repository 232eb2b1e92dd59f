import CLinux
import Reactor
import Synchronization

/// One thread for what no event loop may wait for and nobody is in a hurry for: texts of any size.
final class Aside: Sendable {
  /// What somebody waits for.
  private struct Job {
    let route: Route
    let write: @Sendable () -> [UInt8]
    let deliver: @Sendable ([UInt8]) -> Void
  }

  private let jobs = Mutex<[Job]>([])
  private let event: Descriptor

  /// Starts the thread, which lasts as long as the process.
  init() throws(SystemError) {
    event = try Descriptor("eventfd", slotd_eventfd())
    try Thread.start("slotd-aside") { self.run() }
  }

  /// Has the text of `route` written, and delivered on this thread. Those who wait for it when its writing begins all get the same
  /// one, so that a crowd costs little more than its first.
  func write(
    _ route: Route, by write: @escaping @Sendable () -> [UInt8],
    deliver: @escaping @Sendable ([UInt8]) -> Void
  ) {
    jobs.withLock { $0.append(Job(route: route, write: write, deliver: deliver)) }
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
      var written: [Route: [UInt8]] = [:]
      for job in waiting {
        let text = written[job.route] ?? job.write()
        written[job.route] = text
        job.deliver(text)
      }
    }
  }
}
