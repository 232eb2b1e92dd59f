internal import Glibc

/// Something that one thread waits for and another signals.
///
/// The corresponding C functions are `sem_init`, `sem_post` and `sem_wait`.
@safe
final class Semaphore: @unchecked Sendable {
  // Safe, and Sendable: the memory is this object's own, is freed when no thread can know it any more, and is only given to
  // calls that may be made from any thread.
  private let memory: UnsafeMutablePointer<sem_t>

  init() {
    unsafe memory = .allocate(capacity: 1)
    unsafe sem_init(memory, 0, 0)
  }

  deinit {
    unsafe sem_destroy(memory)
    unsafe memory.deallocate()
  }

  /// Lets one waiting thread go on.
  func signal() { unsafe sem_post(memory) }

  /// Waits for a signal.
  func wait() {
    // A signal of the operating system ends the wait early.
    while unsafe sem_wait(memory) != 0 {}
  }
}
