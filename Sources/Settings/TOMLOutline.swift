/// Where every key of a TOML text stands.
///
/// TOMLKit tells the place of a syntax error and of nothing else, so the keys are found by this walk over the same
/// text: headers, dotted and quoted keys, arrays of tables, inline tables, and values that span lines. It reads values only
/// as far as it must to find their end. What it refuses, TOMLKit would refuse too, cut off at a NUL, or stop the
/// process over (a header that begins with a character no key can begin with); its own sentences never repeat a value,
/// because a secret without its quotes is a syntax error.
struct TOMLOutline {
  /// A text that is not TOML.
  struct SyntaxFault: Error, Equatable {
    var place: TOMLPlace
    var sentence: String
  }

  private(set) var places: [TOMLPath: TOMLPlace] = [:]

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lineStart = 0
  /// The table that the last header opened.
  private var table = TOMLPath()
  /// How many elements each array of tables has so far.
  private var elements: [TOMLPath: Int] = [:]

  /// Levels of keys and values, far more than any configuration has: TOMLKit walks them by recursion.
  static let levelsMax = 64

  /// Walks over `text`.
  init(_ text: String) throws(SyntaxFault) {
    bytes = Array(text.utf8)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }  // a byte order mark
    while true {
      try skipBlank()
      guard let byte = peek else { break }
      if byte == UInt8(ascii: "[") { try header() } else { try keyAndValue(in: table, level: 0) }
      try endOfLine()
    }
  }

  // MARK: Lines

  private mutating func header() throws(SyntaxFault) {
    let place = here
    index += 1
    let isArray = take("[")
    skipSpaces()
    let keys = try dottedKey()
    skipSpaces()
    guard take("]"), !isArray || take("]") else {
      throw fault("the header must end with \(isArray ? "]]" : "]")")
    }
    var path = TOMLPath()
    for (i, key) in keys.enumerated() {
      path = path.appending(key)
      if isArray && i == keys.count - 1 {
        record(path, place)
        elements[path, default: 0] += 1
      } else {
        record(path, place)
      }
      // A header speaks of the last element of every array of tables on its way.
      if let count = elements[path] {
        path = path.appending(String(count - 1))
        record(path, place)
      }
    }
    table = path
  }

  private mutating func keyAndValue(in parent: TOMLPath, level: Int) throws(SyntaxFault) {
    let place = here
    var path = parent
    for key in try dottedKey() {
      path = path.appending(key)
      record(path, place)
    }
    skipSpaces()
    guard take("=") else { throw fault("a key must be followed by = and its value") }
    skipSpaces()
    try value(of: path, level: level + 1)
  }

  private mutating func endOfLine() throws(SyntaxFault) {
    skipSpaces()
    skipComment()
    if take("\r") {}
    guard peek == nil || peek == UInt8(ascii: "\n") else {
      throw fault("only a comment may follow here, on the same line")
    }
  }

  // MARK: Keys

  private mutating func dottedKey() throws(SyntaxFault) -> [String] {
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
    while let byte = peek, TOMLOutline.isBare(byte) { index += 1 }
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

  private mutating func value(of path: TOMLPath, level: Int) throws(SyntaxFault) {
    guard level <= Self.levelsMax else { throw fault("values are nested too deeply here") }
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): try string()
    case UInt8(ascii: "["): try array(of: path, level: level)
    case UInt8(ascii: "{"): try inlineTable(of: path, level: level)
    default: try bareValue()
    }
  }

  private mutating func array(of path: TOMLPath, level: Int) throws(SyntaxFault) {
    let start = here
    index += 1
    var count = 0
    while true {
      try skipBlank()
      if take("]") { return }
      guard peek != nil else { throw fault("the list that begins here never ends", at: start) }
      let element = path.appending(String(count))
      record(element, here)
      try value(of: element, level: level + 1)
      count += 1
      try skipBlank()
      guard take(",") || peek == UInt8(ascii: "]") else {
        guard peek != nil else { continue }
        throw fault("the parts of a list must have commas between them, and ] after the last")
      }
    }
  }

  private mutating func inlineTable(of path: TOMLPath, level: Int) throws(SyntaxFault) {
    index += 1
    skipSpaces()
    if take("}") { return }
    while true {
      try keyAndValue(in: path, level: level)
      skipSpaces()
      if take("}") { return }
      guard take(",") else {
        throw fault("a table between { and } must stand on one line, commas between its parts")
      }
      skipSpaces()
    }
  }

  /// A number, a date or one of TOML's words: anything else wanted to be a text.
  private mutating func bareValue() throws(SyntaxFault) {
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

  private mutating func string() throws(SyntaxFault) {
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

  // MARK: Bytes

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }
  private var here: TOMLPlace { TOMLPlace(line: line, column: index - lineStart + 1) }

  private func next(is text: StaticString) -> Bool {
    bytes[index...].starts(with: "\(text)".utf8)
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: byte) else { return false }
    index += 1
    return true
  }

  private mutating func newLine() {
    index += 1
    line += 1
    lineStart = index
  }

  private mutating func skipSpaces() {
    while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { index += 1 }
  }

  private mutating func skipComment() {
    guard peek == UInt8(ascii: "#") else { return }
    while let byte = peek, byte != UInt8(ascii: "\n"), byte != 0 { index += 1 }
  }

  private mutating func skipBlank() throws(SyntaxFault) {
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

  private mutating func record(_ path: TOMLPath, _ place: TOMLPlace) {
    if places[path] == nil { places[path] = place }
  }

  private func fault(_ sentence: String, at place: TOMLPlace? = nil) -> SyntaxFault {
    SyntaxFault(place: place ?? here, sentence: sentence)
  }
}
