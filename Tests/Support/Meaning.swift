/// What a request says, however its URL is encoded and whatever the case of its names: worked out without the code under test.
public struct Meaning: Equatable {
  private let method: [UInt8]
  private let path: [UInt8]
  private let query: [[UInt8]]
  private let fields: [[UInt8]]

  /// What the head of a request says; nil where it is none.
  public init?(of bytes: [UInt8]) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.allSatisfy({ $0.isEmpty || $0.last == 0x0D }) else { return nil }
    lines = lines.map { $0.dropLast() }
    let words = lines[0].split(separator: 0x20, omittingEmptySubsequences: false)
    guard words.count == 3 else { return nil }
    let target = words[1].split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    method = Array(words[0])
    path = Self.decoded(target[0])
    query = (target.count > 1 ? target[1] : []).split(separator: UInt8(ascii: "&")).map {
      let (name, value) = Self.pair($0, UInt8(ascii: "="))
      return Self.decoded(name, plusIsSpace: true) + [0xFF]
        + Self.decoded(value, plusIsSpace: true)
    }.sorted { $0.lexicographicallyPrecedes($1) }
    fields = lines.dropFirst().map { line in
      let (name, value) = Self.pair(line, UInt8(ascii: ":"))
      return name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } + [0xFF]
        + Self.collapsed(value)
    }
  }

  private static func pair(
    _ text: ArraySlice<UInt8>, _ separator: UInt8
  ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
    let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
    return (parts[0], parts.count > 1 ? parts[1] : [])
  }

  /// A value without white space around it, and with one space where it has several.
  private static func collapsed(_ value: ArraySlice<UInt8>) -> [UInt8] {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    var value = value.drop(while: isBlank)
    while let last = value.last, isBlank(last) { value = value.dropLast() }
    return value.reduce(into: []) { bytes, byte in
      if byte != 0x20 || bytes.last != 0x20 { bytes.append(byte) }
    }
  }

  private static func decoded(
    _ text: ArraySlice<UInt8>, plusIsSpace: Bool = false
  ) -> [UInt8] {
    var rest = text
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, digits.first != "+",
        digits.first != "-",
        let value = UInt8(digits, radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
      }
    }
    return bytes
  }
}
