internal import CLinux
internal import Reactor
internal import Synchronization

/// A few threads for what an event loop must not wait for: writing, hashing, `fsync`.
final class WorkPool: Sendable {
  private final class Queue: Sendable {
    let jobs = Mutex<(first: Int, jobs: [(@Sendable () -> Void)?])>((0, []))
    let available: Descriptor

    init() throws(SystemError) {
      available = try Descriptor("eventfd", slotd_semaphore())
    }

    func add(_ job: (@Sendable () -> Void)?) {
      jobs.withLock { $0.jobs.append(job) }
      slotd_eventfd_signal(available.rawValue)
    }

    /// The next job, which may have to be waited for; nil is the end of the thread that asks.
    func next() -> (@Sendable () -> Void)? {
      slotd_semaphore_wait(available.rawValue)
      return jobs.withLock { queue in
        let job = queue.jobs[queue.first]
        queue.jobs[queue.first] = nil
        queue.first += 1
        // Moved to the front once it is worth it, so that taking a job costs the same however many there are.
        if queue.first == queue.jobs.count || queue.first >= 1024 {
          queue.jobs.removeFirst(queue.first)
          queue.first = 0
        }
        return job
      }
    }
  }

  private let queue: Queue
  private let threads: Int

  /// Starts so many threads; they end with the pool, after what they have begun.
  init(threads: Int) throws(SystemError) {
    queue = try Queue()
    self.threads = threads
    for number in 0..<threads {
      try Thread.start("bucket-\(number)") { [queue] in
        while let job = queue.next() { job() }
      }
    }
  }

  deinit {
    for _ in 0..<threads { queue.add(nil) }
  }

  /// Has `job` done by the next thread that is free.
  func run(_ job: @escaping @Sendable () -> Void) { queue.add(job) }
}
