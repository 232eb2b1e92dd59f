internal import Wire

/// What stands in a TOML text without quotes: numbers, truths, dates and times.
enum TOMLWord {
  /// The value of a word; nil where it is none, or a number that does not fit.
  static func value(_ word: ArraySlice<UInt8>) -> TOMLDocument.Value? {
    switch String(decoding: word, as: UTF8.self) {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "inf", "+inf", "-inf", "nan", "+nan", "-nan": return .other(kind: fraction)
    default: break
    }
    if let number = integer(word) { return .integer(number) }
    if isFloat(word) { return .other(kind: fraction) }
    return isDate(word) || isTime(word) || isDateTime(word) ? .other(kind: "a date or time") : nil
  }

  private static let fraction = "a number with a fraction"

  // MARK: Numbers

  private static func integer(_ word: ArraySlice<UInt8>) -> Int? {
    let prefixes: [String: Int] = ["0x": 16, "0o": 8, "0b": 2]
    if let radix = prefixes[String(decoding: word.prefix(2), as: UTF8.self)] {
      return digits(word.dropFirst(2), radix: radix).flatMap { Int($0, radix: radix) }
    }
    let sign = word.first == UInt8(ascii: "-") ? "-" : ""
    return decimal(word).flatMap { Int(sign + $0) }
  }

  /// The digits of a whole number, which may have a sign, but no zero before others.
  private static func decimal(_ word: ArraySlice<UInt8>) -> String? {
    guard let text = digits(unsigned(word)), text == "0" || !text.hasPrefix("0") else { return nil }
    return text
  }

  private static func unsigned(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    word.first == UInt8(ascii: "+") || word.first == UInt8(ascii: "-") ? word.dropFirst() : word
  }

  /// Digits with the single `_` between them left out; nil where anything else stands there.
  private static func digits(_ word: ArraySlice<UInt8>, radix: Int = 10) -> String? {
    let groups = word.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    for group in groups {
      let isDigits = group.allSatisfy { ($0.hexDigitValue ?? 16) < radix }
      guard !group.isEmpty, isDigits else { return nil }
    }
    return String(decoding: groups.joined(), as: UTF8.self)
  }

  private static func isFloat(_ word: ArraySlice<UInt8>) -> Bool {
    let parts = word.split(
      maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { $0 | 0x20 == 0x65 })
    if parts.count > 1, digits(unsigned(parts[1])) == nil { return false }
    let sides = parts[0].split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    if sides.count > 1, digits(sides[1]) == nil { return false }
    return decimal(sides[0]) != nil && parts.count + sides.count > 2
  }

  // MARK: Dates and times

  /// `1979-05-27`
  static func isDate(_ word: ArraySlice<UInt8>) -> Bool {
    let parts = word.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], let year = number(parts[0]),
      let month = number(parts[1]), let day = number(parts[2])
    else { return false }
    // The calendar repeats itself every 400 years, and years here begin with 1.
    return CivilTime(year: year % 400 + 2000, month: month, day: day) != nil
  }

  /// `07:32:00.999`
  private static func isTime(_ word: ArraySlice<UInt8>) -> Bool {
    let halves = word.split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    if halves.count > 1, number(halves[1].prefix(1)) == nil || !halves[1].allSatisfy(\.isDigit) {
      return false
    }
    return isClock(halves[0], below: [24, 60, 61])
  }

  /// `1979-05-27T07:32:00.5-07:00`
  private static func isDateTime(_ word: ArraySlice<UInt8>) -> Bool {
    guard isDate(word.prefix(10)), let mark = word.dropFirst(10).first, mark | 0x20 == 0x74 else {
      return false
    }
    let rest = word.dropFirst(11)
    if let last = rest.last, last | 0x20 == 0x7a { return isTime(rest.dropLast()) }
    guard rest.count > 6, let sign = rest.dropLast(5).last,
      sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
    else { return isTime(rest) }
    return isClock(rest.suffix(5), below: [24, 60]) && isTime(rest.dropLast(6))
  }

  /// Whether these are numbers of two digits with colons between them, each below its bound.
  private static func isClock(_ word: ArraySlice<UInt8>, below bounds: [Int]) -> Bool {
    let parts = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    return parts.count == bounds.count
      && zip(parts, bounds).allSatisfy { part, bound in
        part.count == 2 && number(part).map { $0 < bound } == true
      }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.allSatisfy(\.isDigit) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
