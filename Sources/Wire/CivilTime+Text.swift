/// The forms in which times cross the wire: HTTP's and XMPP's.

private let weekdayNames: StaticString = "MonTueWedThuFriSatSun"
private let monthNames: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

extension ByteBuffer {
  /// Appends `Sat, 21 Nov 2026 10:11:12 GMT` (IMF-fixdate, RFC 9110 §5.6.7).
  public mutating func append(imfFixdate time: CivilTime) {
    append(weekdayNames.bytes.extracting(time.weekday * 3..<time.weekday * 3 + 3))
    append(", ")
    append(decimal: time.day, width: 2)
    append(.space)
    append(monthNames.bytes.extracting(time.month * 3 - 3..<time.month * 3))
    append(.space)
    append(decimal: time.year, width: 4)
    append(.space)
    append(clockOf: time)
    append(" GMT")
  }

  /// Appends `2026-11-21T10:11:12Z` (RFC 3339, which is XEP-0082's DateTime).
  public mutating func append(rfc3339 time: CivilTime) {
    append(decimal: time.year, width: 4)
    append(UInt8(ascii: "-"))
    append(decimal: time.month, width: 2)
    append(UInt8(ascii: "-"))
    append(decimal: time.day, width: 2)
    append(UInt8(ascii: "T"))
    append(clockOf: time)
    append(UInt8(ascii: "Z"))
  }

  /// Appends `10:11:12`.
  private mutating func append(clockOf time: CivilTime) {
    append(decimal: time.hour, width: 2)
    append(UInt8(ascii: ":"))
    append(decimal: time.minute, width: 2)
    append(UInt8(ascii: ":"))
    append(decimal: time.second, width: 2)
  }
}

extension CivilTime {
  /// Reads an IMF-fixdate (RFC 9110 §5.6.7): all 29 bytes, with the weekday that the date really has.
  ///
  /// ```
  /// ✅ Sun, 06 Nov 1994 08:49:37 GMT
  /// ❌ Sunday, 06-Nov-94 08:49:37 GMT     the obsolete forms are not read
  /// ❌ Mon, 06 Nov 1994 08:49:37 GMT      it was a Sunday
  /// ```
  public init?(imfFixdate text: Span<UInt8>) {
    guard text.count == 29, text.extracting(3..<5).equals(", "), text[7] == .space,
      text[11] == .space, text[16] == .space,
      text.extracting(25..<29).equals(" GMT"),
      let day = text.decimal(5..<7), let year = text.decimal(12..<16),
      let month = Self.month(named: text.extracting(8..<11)),
      let time = Self.sinceMidnight(text.extracting(17..<25)),
      let date = CivilTime(year: year, month: month, day: day),
      text.extracting(0..<3).equals(
        weekdayNames.bytes.extracting(date.weekday * 3..<date.weekday * 3 + 3))
    else { return nil }
    self.init(unixSeconds: date.unixSeconds + time)
  }

  /// Reads an RFC 3339 date-time as XEP-0082 profiles it: capital `T` and `Z`, any fraction of a second (it is dropped), `Z` or an offset.
  ///
  /// ```
  /// ✅ 2030-01-01T00:00:00Z
  /// ✅ 1969-07-20T21:56:15.5-05:00        which is 1969-07-21T02:56:15Z
  /// ❌ 2030-01-01 00:00:00                no zone
  /// ```
  public init?(rfc3339 text: Span<UInt8>) {
    guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      text[10] == UInt8(ascii: "T"), let year = text.decimal(0..<4),
      let month = text.decimal(5..<7), let day = text.decimal(8..<10),
      let time = Self.sinceMidnight(text.extracting(11..<19)),
      let date = CivilTime(year: year, month: month, day: day)
    else { return nil }
    var zone = 19
    if text[19] == UInt8(ascii: ".") {
      zone += 1
      while zone < text.count, text[zone].isDigit { zone += 1 }
      guard zone > 20 else { return nil }
    }
    guard let offset = Self.offset(text.extracting(zone..<text.count)) else { return nil }
    let seconds = date.unixSeconds + time - offset
    guard Self.unixSecondsRange.contains(seconds) else { return nil }
    self.init(unixSeconds: seconds)
  }

  /// Seconds since midnight of `10:11:12`. A leap second, `:60`, is the first second of the next minute, as POSIX counts.
  private static func sinceMidnight(_ text: Span<UInt8>) -> Int64? {
    guard text.count == 8, text[2] == UInt8(ascii: ":"), text[5] == UInt8(ascii: ":"),
      let hour = text.decimal(0..<2), let minute = text.decimal(3..<5),
      let second = text.decimal(6..<8), hour < 24, minute < 60, second <= 60
    else { return nil }
    return Int64(hour * 3600 + minute * 60 + second)
  }

  /// Seconds that `Z`, `+05:30` or `-05:00` is ahead of UTC.
  private static func offset(_ text: Span<UInt8>) -> Int64? {
    if text.equals("Z") { return 0 }
    guard text.count == 6, text[3] == UInt8(ascii: ":"), let hour = text.decimal(1..<3),
      let minute = text.decimal(4..<6), hour < 24, minute < 60
    else { return nil }
    switch text[0] {
    case UInt8(ascii: "+"): return Int64(hour * 3600 + minute * 60)
    case UInt8(ascii: "-"): return -Int64(hour * 3600 + minute * 60)
    default: return nil
    }
  }

  private static func month(named name: Span<UInt8>) -> Int? {
    for month in 1...12 where name.equals(monthNames.bytes.extracting(month * 3 - 3..<month * 3)) {
      return month
    }
    return nil
  }
}

extension Span<UInt8> {
  /// The number that the digits in `range` spell, or nil if one is none. For a few digits at a known place.
  public func decimal(_ range: Range<Int>) -> Int? {
    var value = 0
    for i in range {
      guard self[i].isDigit else { return nil }
      value = value * 10 + Int(self[i] &- 0x30)
    }
    return value
  }
}
