/// Values that are no table and no list.
extension TOMLCursor {
  /// A number, a date or one of TOML's words: anything else wanted to be a text.
  mutating func bareValue() throws(SyntaxFault) -> TOMLDocument.Value {
    let place = here
    var word = self.word()
    guard let first = word.first else { throw fault("a value is missing after the =", at: place) }
    // A date may have a blank before its time.
    if word.count == 10, TOMLWord.isDate(word), next(is: " "), index + 1 < bytes.count,
      (0x30...0x39).contains(bytes[index + 1])
    {
      index += 1
      word = word + [UInt8(ascii: "T")] + self.word()
    }
    if let value = TOMLWord.value(word) { return value }
    let isNumberLike = "+-0123456789".utf8.contains(first)
    throw fault(
      isNumberLike
        ? #"this is no number, no date and no time of TOML's, or too large: a text must stand in "quotes""#
        : #"a text must stand in "quotes"; without them only numbers, true and false"#, at: place)
  }

  private mutating func word() -> ArraySlice<UInt8> {
    let start = index
    while let byte = peek, !" \t\r\n,]}#".utf8.contains(byte) { index += 1 }
    return bytes[start..<index]
  }

  // MARK: Texts

  /// A text in quotes of any of the four kinds.
  mutating func string() throws(SyntaxFault) -> String {
    let start = here
    let quote = bytes[index]
    let isBasic = quote == UInt8(ascii: "\"")
    let isLong = next(is: isBasic ? "\"\"\"" : "'''")
    index += isLong ? 3 : 1
    if isLong { _ = takeLineEnd() }
    var text: [UInt8] = []
    while let byte = peek {
      if byte == quote {
        index += 1
        guard isLong else { return String(decoding: text, as: UTF8.self) }
        var quotes = 1
        // Up to two quotes may stand before the three that end the text.
        while quotes < 5, peek == quote {
          index += 1
          quotes += 1
        }
        text += repeatElement(quote, count: quotes < 3 ? quotes : quotes - 3)
        if quotes >= 3 { return String(decoding: text, as: UTF8.self) }
      } else if byte == UInt8(ascii: "\\"), isBasic {
        try escape(into: &text, isLong: isLong)
      } else if isLong, takeLineEnd() {
        text.append(UInt8(ascii: "\n"))
      } else if isAtLineEnd {
        break
      } else {
        try check(byte)
        text.append(byte)
        index += 1
      }
    }
    throw fault("the text that begins here has no closing quote", at: start)
  }

  /// What the short escapes stand for.
  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "f"): 12,
    UInt8(ascii: "r"): 13, UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5c,
  ]

  private mutating func escape(into text: inout [UInt8], isLong: Bool) throws(SyntaxFault) {
    let place = here
    index += 1
    guard let byte = peek else { return }
    if let plain = Self.escapes[byte] {
      index += 1
      text.append(plain)
    } else if byte == UInt8(ascii: "u") || byte == UInt8(ascii: "U") {
      index += 1
      let digits = bytes[index...].prefix(byte == UInt8(ascii: "u") ? 4 : 8)
      guard digits.allSatisfy({ $0 != UInt8(ascii: "+") }),
        let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
        digits.count == (byte == UInt8(ascii: "u") ? 4 : 8), let scalar = Unicode.Scalar(code)
      else {
        throw fault("an escape must be \\u and 4 digits, or \\U and 8, of a character", at: place)
      }
      guard code != 0 else { throw fault("the NUL character is not allowed", at: place) }
      index += digits.count
      text += String(Character(scalar)).utf8
    } else {
      // A \ at the end of a line leaves out the white space up to the next character.
      skipSpaces()
      guard isLong, takeLineEnd() else {
        throw fault(
          #"TOML knows no such escape: write \\ for a \, or put the text in 'single quotes'"#,
          at: place)
      }
      repeat { skipSpaces() } while takeLineEnd()
    }
  }
}
