internal import CLinux
public import Wire

/// The time as a worker knows it: read once each turn of its loop, so that a request costs no system call for it.
public final class Clock {
  /// Nanoseconds of the monotonic clock.
  public private(set) var monotonic: Int64 = 0
  /// Seconds since the beginning of 1970 in UTC.
  public private(set) var unixSeconds: Int64 = .min
  /// The same as an HTTP date.
  public private(set) var date = HTTPDate()
  private var scratch = ByteBuffer(capacity: 64)

  /// A clock that shows the time of its making.
  public init() { update() }

  func update() {
    monotonic = slotd_monotonic_ns()
    let seconds = slotd_unix_seconds()
    if seconds != unixSeconds {
      unixSeconds = seconds
      date = HTTPDate(unixSeconds: seconds, scratch: &scratch)
    }
  }

  /// Nanoseconds of the monotonic clock, read now.
  public static var now: Int64 { slotd_monotonic_ns() }
}
