internal import CLinux
internal import Synchronization
public import Wire

/// The time as a worker knows it: read once each turn of its loop, so that a request costs no system call for it.
public final class Clock {
  // Atomics, though one thread alone uses them: access to the variables of a class is checked each time for overlapping another one, and
  // for a slot that took longer than all that is done with the time.
  private let monotonicNow = Atomic<Int64>(0)
  private let unixNow = Atomic<Int64>(.min)
  /// The seconds as an HTTP date.
  public private(set) var date = HTTPDate()
  private var scratch = ByteBuffer(capacity: 64)

  /// A clock that shows the time of its making.
  public init() { update() }

  /// Nanoseconds of the monotonic clock.
  public var monotonic: Int64 { monotonicNow.load(ordering: .relaxed) }
  /// Seconds since the beginning of 1970 in UTC.
  public var unixSeconds: Int64 { unixNow.load(ordering: .relaxed) }

  func update() {
    monotonicNow.store(slotd_monotonic_ns(), ordering: .relaxed)
    let seconds = slotd_unix_seconds()
    if seconds != unixSeconds {
      unixNow.store(seconds, ordering: .relaxed)
      date = HTTPDate(unixSeconds: seconds, scratch: &scratch)
    }
  }

  /// Nanoseconds of the monotonic clock, read now.
  public static var now: Int64 { slotd_monotonic_ns() }
}
