internal import CLinux

/// Owns one open file descriptor and closes it exactly once.
///
/// The corresponding C function is `close`.
public struct Descriptor: ~Copyable, Sendable {
  /// The number that the kernel knows the open file by.
  public let rawValue: Int32

  /// Takes ownership of an open descriptor.
  public init(owning rawValue: Int32) {
    precondition(rawValue >= 0)
    self.rawValue = rawValue
  }

  /// Takes ownership of what a system call returned, or throws what it failed with.
  public init(_ call: StaticString, _ result: Int32) throws(SystemError) {
    guard result >= 0 else { throw SystemError(call, result) }
    rawValue = result
  }

  // An error of `close` says something about data that was written; whoever cares about that calls `fsync` first.
  deinit { _ = slotd_close(rawValue) }

  /// Gives the number away; whoever gets it closes it.
  consuming func release() -> Int32 {
    let rawValue = rawValue
    discard self
    return rawValue
  }
}

// MARK: - Events

extension Descriptor {
  /// Something that one thread signals and another waits for.
  ///
  /// The corresponding C function is `eventfd`.
  static func event() throws(SystemError) -> Descriptor {
    try Descriptor("eventfd", slotd_eventfd())
  }

  /// Makes an event readable.
  func signal() { slotd_eventfd_signal(rawValue) }

  /// Waits until the descriptor is readable, at most so long; returns whether it is.
  ///
  /// The corresponding C function is `poll`.
  func waitReadable(_ limit: Duration) -> Bool {
    let milliseconds = min(limit.nanoseconds / 1_000_000, Int64(Int32.max))
    return slotd_poll_readable(rawValue, Int32(truncatingIfNeeded: milliseconds)) > 0
  }
}
