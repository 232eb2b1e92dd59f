/// Where every key of a TOML text stands.
///
/// TOMLKit tells the place of a syntax error and of nothing else, so the keys are found by this walk over the same
/// text: headers, dotted and quoted keys, arrays of tables, inline tables, and values that span lines. It reads values
/// only as far as it must to find their end. What it refuses, TOMLKit would refuse too, cut off at a NUL, or stop the
/// process over (a header that begins with a character no key can begin with); its own sentences never repeat a value,
/// because a secret without its quotes is a syntax error.
struct TOMLOutline {
  private(set) var places: [TOMLPath: TextPlace] = [:]

  private var text: TOMLCursor
  /// The table that the last header opened.
  private var table = TOMLPath()
  /// How many elements each array of tables has so far.
  private var elements: [TOMLPath: Int] = [:]

  /// Walks over `string`.
  init(_ string: String) throws(SyntaxFault) {
    text = TOMLCursor(string)
    while true {
      try text.skipBlank()
      guard let byte = text.peek else { break }
      if byte == UInt8(ascii: "[") { try header() } else { try keyAndValue(in: table, level: 0) }
      try endOfLine()
    }
  }

  // MARK: Lines

  private mutating func header() throws(SyntaxFault) {
    let place = text.here
    text.advance()
    let isArray = text.take("[")
    text.skipSpaces()
    let keys = try text.dottedKey()
    text.skipSpaces()
    guard text.take("]"), !isArray || text.take("]") else {
      throw text.fault("the header must end with \(isArray ? "]]" : "]")")
    }
    var path = TOMLPath()
    for (i, key) in keys.enumerated() {
      path = path.appending(key)
      record(path, place)
      if isArray && i == keys.count - 1 { elements[path, default: 0] += 1 }
      // A header speaks of the last element of every array of tables on its way.
      if let count = elements[path] {
        path = path.appending(String(count - 1))
        record(path, place)
      }
    }
    table = path
  }

  private mutating func keyAndValue(in parent: TOMLPath, level: Int) throws(SyntaxFault) {
    let place = text.here
    var path = parent
    for key in try text.dottedKey() {
      path = path.appending(key)
      record(path, place)
    }
    text.skipSpaces()
    guard text.take("=") else { throw text.fault("a key must be followed by = and its value") }
    text.skipSpaces()
    try value(of: path, level: level + 1)
  }

  private mutating func endOfLine() throws(SyntaxFault) {
    text.skipSpaces()
    text.skipComment()
    _ = text.take("\r")
    guard text.peek == nil || text.peek == UInt8(ascii: "\n") else {
      throw text.fault("only a comment may follow here, on the same line")
    }
  }

  // MARK: Values

  private mutating func value(of path: TOMLPath, level: Int) throws(SyntaxFault) {
    guard level <= TOMLCursor.levelsMax else {
      throw text.fault("values are nested too deeply here")
    }
    switch text.peek {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): try text.string()
    case UInt8(ascii: "["): try array(of: path, level: level)
    case UInt8(ascii: "{"): try inlineTable(of: path, level: level)
    default: try text.bareValue()
    }
  }

  private mutating func array(of path: TOMLPath, level: Int) throws(SyntaxFault) {
    let start = text.here
    text.advance()
    var count = 0
    while true {
      try text.skipBlank()
      if text.take("]") { return }
      guard text.peek != nil else {
        throw text.fault("the list that begins here never ends", at: start)
      }
      let element = path.appending(String(count))
      record(element, text.here)
      try value(of: element, level: level + 1)
      count += 1
      try text.skipBlank()
      guard text.take(",") || text.peek == UInt8(ascii: "]") else {
        guard text.peek != nil else { continue }
        throw text.fault("the parts of a list must have commas between them, and ] after the last")
      }
    }
  }

  private mutating func inlineTable(of path: TOMLPath, level: Int) throws(SyntaxFault) {
    text.advance()
    text.skipSpaces()
    if text.take("}") { return }
    while true {
      try keyAndValue(in: path, level: level)
      text.skipSpaces()
      if text.take("}") { return }
      guard text.take(",") else {
        throw text.fault("a table between { and } must stand on one line, commas between its parts")
      }
      text.skipSpaces()
    }
  }

  private mutating func record(_ path: TOMLPath, _ place: TextPlace) {
    if places[path] == nil { places[path] = place }
  }

}
