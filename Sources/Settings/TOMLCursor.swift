internal import Wire

/// A place in a TOML text, and the steps over what can stand there: blanks, comments and keys.
///
/// No fault repeats what stands in the text: a secret without its quotes is a fault.
struct TOMLCursor {
  let bytes: [UInt8]
  var index = 0
  private var line = 1
  private var lineStart = 0

  /// Levels of keys and values, far more than any configuration has: they are walked by recursion.
  static let levelsMax = 64

  init(_ text: String) {
    bytes = Array(text.utf8)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }  // a byte order mark
  }

  var peek: UInt8? { index < bytes.count ? bytes[index] : nil }
  var here: TextPlace { TextPlace(line: line, column: index - lineStart + 1) }

  func next(is text: StaticString) -> Bool {
    bytes.span.extracting(droppingFirst: index).starts(with: text)
  }

  /// Whether a line ends here, with LF or CR LF.
  var isAtLineEnd: Bool {
    peek == UInt8(ascii: "\n")
      || peek == UInt8(ascii: "\r") && index + 1 < bytes.count
        && bytes[index + 1] == UInt8(ascii: "\n")
  }

  mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: byte) else { return false }
    index += 1
    return true
  }

  func fault(_ sentence: String, at place: TextPlace? = nil) -> SyntaxFault {
    SyntaxFault(place: place ?? here, sentence: sentence)
  }

  // MARK: Blanks

  mutating func skipSpaces() {
    while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { index += 1 }
  }

  /// Steps over the end of a line; whether there was one.
  mutating func takeLineEnd() -> Bool {
    guard isAtLineEnd else { return false }
    index += peek == UInt8(ascii: "\r") ? 2 : 1
    line += 1
    lineStart = index
    return true
  }

  mutating func skipComment() throws(SyntaxFault) {
    guard peek == UInt8(ascii: "#") else { return }
    while let byte = peek, !isAtLineEnd {
      try check(byte)
      index += 1
    }
  }

  /// Steps over blanks, comments and ends of lines.
  mutating func skipBlank() throws(SyntaxFault) {
    repeat {
      skipSpaces()
      try skipComment()
    } while takeLineEnd()
  }

  /// Refuses the characters that may stand neither in a text nor in a comment.
  func check(_ byte: UInt8) throws(SyntaxFault) {
    guard byte >= 0x20 && byte != 0x7f || byte == UInt8(ascii: "\t") else {
      throw fault(
        byte == 0
          ? "the NUL character is not allowed"
          : "a control character is not allowed here: write it as an escape such as \\u0007")
    }
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
    if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") {
      guard !next(is: "'''"), !next(is: "\"\"\"") else {
        throw fault("a key cannot be a text of several lines")
      }
      return try string()
    }
    let start = index
    while let byte = peek, TOMLText.isBare(byte) { index += 1 }
    guard index > start else {
      throw fault(#"a key of letters, digits, _ and - is expected here, or any text in "quotes""#)
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }
}
