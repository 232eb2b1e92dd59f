internal import Wire

/// A point in time as Signature Version 4 writes it, `20261121T101112Z`, and its first half, the day that a key is made for.
public struct AmzDate: Equatable, Sendable {
  /// Seconds since the beginning of 1970 in UTC.
  public let unixSeconds: Int64
  private var text = [16 of UInt8](repeating: 0x30)

  /// The time so many seconds after the beginning of 1970.
  public init(unixSeconds: Int64) {
    let time = CivilTime(unixSeconds: unixSeconds)
    self.unixSeconds = time.unixSeconds
    set(0, time.year / 100)
    set(2, time.year % 100)
    set(4, time.month)
    set(6, time.day)
    text[8] = UInt8(ascii: "T")
    set(9, time.hour)
    set(11, time.minute)
    set(13, time.second)
    text[15] = UInt8(ascii: "Z")
  }

  private mutating func set(_ place: Int, _ value: Int) {
    text[place] = 0x30 &+ UInt8(truncatingIfNeeded: value / 10)
    text[place + 1] = 0x30 &+ UInt8(truncatingIfNeeded: value % 10)
  }

  /// Reads the 16 bytes of such a time, or returns nil.
  ///
  /// ```
  /// ✅ 20240229T235959Z
  /// ❌ 20240229T235959        ❌ 2024-02-29T23:59:59Z        ❌ 20230229T235959Z
  /// ```
  public init?(_ text: Span<UInt8>) {
    guard text.count == 16, text[8] == UInt8(ascii: "T"), text[15] == UInt8(ascii: "Z"),
      let year = text.decimal(0..<4), let month = text.decimal(4..<6),
      let day = text.decimal(6..<8), let hour = text.decimal(9..<11),
      let minute = text.decimal(11..<13), let second = text.decimal(13..<15),
      let time = CivilTime(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    self.init(unixSeconds: time.unixSeconds)
  }

  /// All 16 bytes.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.span }
  }

  /// The 8 bytes of the day, `20261121`.
  public var day: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.span.extracting(first: 8) }
  }

  /// Days since 1970-01-01.
  var dayNumber: Int64 {
    (unixSeconds - (unixSeconds % Self.daySeconds + Self.daySeconds) % Self.daySeconds)
      / Self.daySeconds
  }

  private static let daySeconds: Int64 = 86_400

  /// Whether both are the same second.
  public static func == (a: AmzDate, b: AmzDate) -> Bool { a.unixSeconds == b.unixSeconds }
}
