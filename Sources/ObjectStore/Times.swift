internal import Glibc
internal import Wire

/// The time of day.
enum WallClock {
  /// Seconds since the beginning of 1970 in UTC, now.
  static var unixSeconds: Int64 {
    Int64(time(nil))
  }
}

extension Duration {
  /// Whole milliseconds, of thirty years at most.
  var milliseconds: Int {
    let (seconds, attoseconds) = components
    // Clamped far from the ends of the range, so that no sum overflows.
    return Int(min(max(seconds, -1_000_000_000), 1_000_000_000)) * 1000
      + Int(attoseconds / 1_000_000_000_000_000)
  }
}

extension CivilTime {
  /// Reads a time as OpenSSL prints it, `Nov  1 10:11:12 2026 GMT`, or returns nil.
  init?(asn1Text text: some StringProtocol) {
    let parts = text.split(separator: " ")
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard parts.count == 5, parts[4] == "GMT",
      let month = months.firstIndex(of: String(parts[0])), let day = Int(parts[1]),
      let year = Int(parts[3])
    else { return nil }
    let clock = parts[2].split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3 else { return nil }
    self.init(
      year: year, month: month + 1, day: day, hour: clock[0], minute: clock[1], second: clock[2])
  }
}
