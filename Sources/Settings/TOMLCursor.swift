/// A place in a TOML text, and the steps over what can stand there: blanks, keys, texts and bare values.
struct TOMLCursor {
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lineStart = 0

  /// Levels of keys and values, far more than any configuration has: TOMLKit walks them by recursion.
  static let levelsMax = 64

  init(_ text: String) {
    bytes = Array(text.utf8)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }  // a byte order mark
  }

  var peek: UInt8? { index < bytes.count ? bytes[index] : nil }
  var here: TextPlace { TextPlace(line: line, column: index - lineStart + 1) }

  private func next(is text: StaticString) -> Bool {
    bytes[index...].starts(with: "\(text)".utf8)
  }

  mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: byte) else { return false }
    index += 1
    return true
  }

  private mutating func newLine() {
    index += 1
    line += 1
    lineStart = index
  }

  mutating func skipSpaces() {
    while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { index += 1 }
  }

  mutating func skipComment() {
    guard peek == UInt8(ascii: "#") else { return }
    while let byte = peek, byte != UInt8(ascii: "\n"), byte != 0 { index += 1 }
  }

  mutating func skipBlank() throws(SyntaxFault) {
    while let byte = peek {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
      case UInt8(ascii: "\n"): newLine()
      case UInt8(ascii: "#"): skipComment()
      case 0: throw fault("the NUL character is not allowed")
      default: return
      }
    }
  }

  mutating func advance() { index += 1 }

  func fault(_ sentence: String, at place: TextPlace? = nil) -> SyntaxFault {
    SyntaxFault(place: place ?? here, sentence: sentence)
  }

  // MARK: Keys

  mutating func dottedKey() throws(SyntaxFault) -> [String] {
    var keys = [try key()]
    while true {
      skipSpaces()
      guard take(".") else { return keys }
      skipSpaces()
      keys.append(try key())
      guard keys.count <= Self.levelsMax else { throw fault("the key has too many parts") }
    }
  }

  private mutating func key() throws(SyntaxFault) -> String {
    let start = index
    if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") {
      let isLiteral = peek == UInt8(ascii: "'")
      guard !next(is: isLiteral ? "'''" : "\"\"\"") else {
        throw fault("a key cannot be a text of several lines")
      }
      try string()
      let inside = bytes[start + 1..<index - 1]
      return isLiteral ? String(decoding: inside, as: UTF8.self) : unescaped(inside)
    }
    while let byte = peek, Self.isBare(byte) { index += 1 }
    guard index > start else {
      throw fault(#"a key of letters, digits, _ and - is expected here, or any text in "quotes""#)
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }

  /// The text of a quoted key; an escape that TOML does not know is left as it is, TOMLKit refuses it.
  private func unescaped(_ escaped: ArraySlice<UInt8>) -> String {
    var result = ""
    var rest = Substring(decoding: escaped, as: UTF8.self)
    while let character = rest.popFirst() {
      guard character == "\\", let escape = rest.popFirst() else {
        result.append(character)
        continue
      }
      let simple: [Character: Character] = [
        "b": "\u{8}", "t": "\t", "n": "\n", "f": "\u{c}", "r": "\r", "\"": "\"", "\\": "\\",
      ]
      let width = escape == "u" ? 4 : escape == "U" ? 8 : 0
      if let plain = simple[escape] {
        result.append(plain)
      } else if width > 0, let code = UInt32(rest.prefix(width), radix: 16),
        let scalar = Unicode.Scalar(code)
      {
        result.unicodeScalars.append(scalar)
        rest = rest.dropFirst(width)
      } else {
        result += "\\\(escape)"
      }
    }
    return result
  }

  // MARK: Values

  /// A number, a date or one of TOML's words: anything else wanted to be a text.
  mutating func bareValue() throws(SyntaxFault) {
    let place = here
    let start = index
    while let byte = peek, !" \t\r\n,]}#".utf8.contains(byte) { index += 1 }
    guard index > start else { throw fault("a value is missing after the =", at: place) }
    let word = String(decoding: bytes[start..<index], as: UTF8.self)
    let isNumberLike = "+-0123456789".utf8.contains(bytes[start])
    guard isNumberLike || ["true", "false", "inf", "nan"].contains(word) else {
      throw fault(
        #"a text must stand in "quotes"; without them only numbers, true and false"#, at: place)
    }
    // A date may have a blank before its time.
    if word.utf8.count == 10, word.contains("-"), peek == UInt8(ascii: " "),
      index + 1 < bytes.count,
      "0123456789".utf8.contains(bytes[index + 1])
    {
      index += 1
      while let byte = peek, !" \t\r\n,]}#".utf8.contains(byte) { index += 1 }
    }
  }

  mutating func string() throws(SyntaxFault) {
    let start = here
    let quote = bytes[index]
    let isBasic = quote == UInt8(ascii: "\"")
    let isLong = next(is: isBasic ? "\"\"\"" : "'''")
    index += isLong ? 3 : 1
    while let byte = peek {
      if byte == UInt8(ascii: "\\") && isBasic {
        guard !next(is: "\\u0000"), !next(is: "\\U00000000") else {
          throw fault("the NUL character is not allowed")
        }
        index += 1
        if peek != UInt8(ascii: "\n") && peek != nil { index += 1 }
      } else if byte == quote {
        index += 1
        guard isLong else { return }
        guard peek == quote, index + 1 < bytes.count, bytes[index + 1] == quote else { continue }
        index += 2
        // Up to two quotes may stand before the three that end the text.
        if peek == quote { index += 1 }
        if peek == quote { index += 1 }
        return
      } else if byte == UInt8(ascii: "\n") {
        guard isLong else { break }
        newLine()
      } else {
        guard byte != 0 else { throw fault("the NUL character is not allowed") }
        index += 1
      }
    }
    throw fault("the text that begins here has no closing quote", at: start)
  }
}
