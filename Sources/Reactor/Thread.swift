internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread of the operating system that runs one closure and ends.
///
/// The corresponding C functions are `pthread_create` and `pthread_detach`.
public enum Thread {
  private final class Start {
    let name: String
    let body: @Sendable () -> Void

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts a thread called `name` (15 bytes at most are kept), which nobody waits for.
  ///
  /// Throws where the system has no room for one more thread.
  public static func start(
    _ name: String, _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    var thread = pthread_t()
    // Safe: the box is retained for the thread, which takes that reference over when it starts.
    let box = unsafe Unmanaged.passRetained(Start(name, body))
    let result = unsafe pthread_create(
      &thread, nil,
      { raw in
        guard let raw = unsafe raw else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
        unsafe slotd_name_thread(start.name)
        start.body()
        return nil
      }, box.toOpaque())
    guard result == 0 else {
      unsafe box.release()
      throw SystemError("pthread_create", 0 - result)
    }
    pthread_detach(thread)
  }
}

/// Something that happens once, and that threads can wait for.
public final class Latch: Sendable {
  private let done = Atomic<UInt32>(0)
  private let event: Descriptor

  /// A latch that has not happened.
  public init() throws(SystemError) { event = try Descriptor.event() }

  /// Lets everybody through, now and later.
  public func open() {
    done.store(1, ordering: .releasing)
    event.signal()
  }

  /// Whether it has happened.
  public var isOpen: Bool { done.load(ordering: .acquiring) == 1 }

  /// Waits until it has happened, at most so long; returns whether it has.
  @discardableResult
  public func wait(_ limit: Duration) -> Bool {
    isOpen || event.waitReadable(limit) || isOpen
  }
}
