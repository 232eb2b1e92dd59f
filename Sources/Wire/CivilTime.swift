/// A point in time as a calendar and a clock in UTC show it: proleptic Gregorian, to the second, without leap seconds (POSIX time).
///
/// Years run from 1 to 9999, because no format here has room for another digit.
public struct CivilTime: Equatable, Sendable {
  /// 1 to 9999.
  public let year: Int
  /// 1 to 12.
  public let month: Int
  /// 1 to 31.
  public let day: Int
  /// 0 to 23.
  public let hour: Int
  /// 0 to 59.
  public let minute: Int
  /// 0 to 59.
  public let second: Int

  /// Seconds of a day.
  static let daySeconds: Int64 = 86_400
  /// `0001-01-01T00:00:00Z` to `9999-12-31T23:59:59Z`.
  static let unixSecondsRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// The time so many seconds after (before, if negative) the beginning of 1970. Beyond the years that can be written, the nearest
  /// second that can.
  public init(unixSeconds: Int64) {
    let range = Self.unixSecondsRange
    let seconds = min(max(unixSeconds, range.lowerBound), range.upperBound)
    let days = Int((seconds - range.lowerBound) / Self.daySeconds)
    let clock = Int((seconds - range.lowerBound) % Self.daySeconds)
    (year, month, day) = Self.date(daysSinceYear1: days)
    (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60)
  }

  /// The time with these parts, or nil where the calendar has no such day or the clock no such time.
  ///
  /// ```
  /// ✅ 2024-02-29 23:59:59
  /// ❌ 2100-02-29 00:00:00      not a leap year
  /// ```
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    guard 1...9999 ~= year, 1...12 ~= month, 1...Self.days(inMonth: month, ofYear: year) ~= day,
      0..<24 ~= hour, 0..<60 ~= minute, 0..<60 ~= second
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
    (self.hour, self.minute, self.second) = (hour, minute, second)
  }

  /// Seconds since the beginning of 1970; negative before it.
  public var unixSeconds: Int64 {
    Self.unixSecondsRange.lowerBound + Int64(daysSinceYear1) * Self.daySeconds
      + Int64(hour * 3600 + minute * 60 + second)
  }

  /// The day of the week, 0 for Monday to 6 for Sunday.
  public var weekday: Int { daysSinceYear1 % 7 }

  // MARK: - The calendar

  // Years are counted from March, so that the leap day is the last one and the months before it repeat in a pattern of 153 days
  // in five months: 31, 30, 31, 30, 31.

  /// Days from 0001-01-01, a Monday, to this date.
  private var daysSinceYear1: Int {
    let marchYear = month > 2 ? year : year - 1
    let marchMonth = month > 2 ? month - 3 : month + 9
    let days = marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400
    return days + (marchMonth * 153 + 2) / 5 + day - 1 - Self.daysBeforeYear1
  }

  /// Days from the first of March of year 0 to the first of January of year 1.
  private static let daysBeforeYear1 = 306

  private static func date(daysSinceYear1: Int) -> (year: Int, month: Int, day: Int) {
    let days = daysSinceYear1 + daysBeforeYear1
    // 400 years are 146,097 days; within them the last day of each 4, 100 and 400 years is the odd one out.
    let (era, dayOfEra) = (days / 146_097, days % 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (dayOfYear * 5 + 2) / 153
    let day = dayOfYear - (marchMonth * 153 + 2) / 5 + 1
    let year = era * 400 + yearOfEra
    return marchMonth < 10 ? (year, marchMonth + 3, day) : (year + 1, marchMonth - 9, day)
  }

  private static func days(inMonth month: Int, ofYear year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
