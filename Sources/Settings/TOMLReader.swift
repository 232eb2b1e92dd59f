/// Reads a TOML 1.0 text (https://toml.io/en/v1.0.0) and keeps where each of its keys stands; strictly, because what another reader
/// would take for something else should not pass here either. The NUL character is refused, which C would end a text at.
struct TOMLReader {
  /// Where each key and each part of a list stands.
  private(set) var places: [TOMLPath: TextPlace] = [:]

  private var text: TOMLCursor
  private var tables = [Table(origin: .header)]
  /// The table that the last header opened, the root in front, and the way to it.
  private var (current, path) = (0, TOMLPath())
  /// Headers and inline tables so far: dotted keys may add to what those of the same one made, and to nothing else.
  private var sections = 0

  private struct Table {
    enum Origin: Equatable {
      /// A header on the way to another table; one of its own may follow.
      case implied
      case header
      /// The dotted keys of a section.
      case dotted(section: Int)
    }
    enum Item {
      case value(TOMLDocument.Value)
      /// A table, by its place in `tables`.
      case table(Int)
      /// An array of tables, one for each of its headers.
      case array([Int])
    }
    var origin: Origin
    var items: [String: Item] = [:]
  }

  /// Reads `string`.
  init(_ string: String) throws(SyntaxFault) {
    text = TOMLCursor(string)
    while true {
      try text.skipBlank()
      guard text.peek != nil else { return }
      if text.next(is: "[") {
        try header()
      } else {
        try keyAndValue(in: current, path, section: sections, level: 0)
      }
      text.skipSpaces()
      try text.skipComment()
      guard text.peek == nil || text.takeLineEnd() else {
        throw text.fault("only a comment may follow here, on the same line")
      }
    }
  }

  /// What was read.
  var root: [String: TOMLDocument.Value] { plain(0) }

  private func plain(_ table: Int) -> [String: TOMLDocument.Value] {
    tables[table].items.mapValues { item in
      switch item {
      case .value(let value): value
      case .table(let table): .table(plain(table))
      case .array(let tables): .list(tables.map { .table(plain($0)) })
      }
    }
  }

  // MARK: Tables

  private mutating func header() throws(SyntaxFault) {
    let place = text.here
    _ = text.take("[")
    let isArray = text.take("[")
    text.skipSpaces()
    let keys = try text.dottedKey()
    text.skipSpaces()
    guard text.take("]"), !isArray || text.take("]") else {
      throw text.fault("the header must end with \(isArray ? "]]" : "]")")
    }
    sections += 1
    (current, path) = (0, TOMLPath())
    for key in keys.dropLast() { try enter(key, place) }
    try open(keys[keys.count - 1], isArray: isArray, place)
  }

  /// Goes on to a table on the way of a header; of an array of tables, to the last.
  private mutating func enter(_ key: String, _ place: TextPlace) throws(SyntaxFault) {
    switch tables[current].items[key] {
    case nil: current = add(.implied, as: key, in: current)
    case .table(let table): current = table
    case .array(let elements):
      current = elements[elements.count - 1]
      step(to: key, place)
      return step(to: String(elements.count - 1), place)
    case .value: throw text.fault("a part of this header is a value already", at: place)
    }
    step(to: key, place)
  }

  /// Opens the table that a header is for.
  private mutating func open(
    _ key: String, isArray: Bool, _ place: TextPlace
  ) throws(SyntaxFault) {
    step(to: key, place)
    switch (tables[current].items[key], isArray) {
    case (nil, false):
      current = add(.header, as: key, in: current)
    case (.table(let table), false) where tables[table].origin == .implied:
      tables[table].origin = .header
      current = table
    case (nil, true):
      addElement(to: [], key, place)
    case (.array(let elements), true):
      addElement(to: elements, key, place)
    default:
      throw text.fault(
        "the table of this header is there already, or a value has its name", at: place)
    }
  }

  private mutating func addElement(to elements: [Int], _ key: String, _ place: TextPlace) {
    tables.append(Table(origin: .header))
    tables[current].items[key] = .array(elements + [tables.count - 1])
    current = tables.count - 1
    step(to: String(elements.count), place)
  }

  private mutating func add(_ origin: Table.Origin, as key: String, in table: Int) -> Int {
    tables.append(Table(origin: origin))
    tables[table].items[key] = .table(tables.count - 1)
    return tables.count - 1
  }

  private mutating func step(to part: String, _ place: TextPlace) {
    path = path.appending(part)
    record(path, place)
  }

  private mutating func record(_ path: TOMLPath, _ place: TextPlace) {
    if places[path] == nil { places[path] = place }
  }

  // MARK: Keys and values

  private mutating func keyAndValue(
    in table: Int, _ parent: TOMLPath, section: Int, level: Int
  ) throws(SyntaxFault) {
    let place = text.here
    let keys = try text.dottedKey()
    var (table, path) = (table, parent)
    for key in keys.dropLast() {
      path = path.appending(key)
      record(path, place)
      switch tables[table].items[key] {
      case nil: table = add(.dotted(section: section), as: key, in: table)
      case .table(let next) where tables[next].origin == .dotted(section: section): table = next
      default: throw text.fault("a part of this key is something else already", at: place)
      }
    }
    let key = keys[keys.count - 1]
    path = path.appending(key)
    record(path, place)
    text.skipSpaces()
    guard text.take("=") else { throw text.fault("a key must be followed by = and its value") }
    guard tables[table].items[key] == nil else {
      throw text.fault("this key is there already", at: place)
    }
    text.skipSpaces()
    tables[table].items[key] = .value(try value(of: path, level: level + 1))
  }

  private mutating func value(
    of path: TOMLPath, level: Int
  ) throws(SyntaxFault) -> TOMLDocument.Value {
    guard level <= TOMLCursor.levelsMax else {
      throw text.fault("values are nested too deeply here")
    }
    switch text.peek {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try text.string())
    case UInt8(ascii: "["): return .list(try array(of: path, level: level))
    case UInt8(ascii: "{"): return .table(try inlineTable(of: path, level: level))
    default: return try text.bareValue()
    }
  }

  private mutating func array(
    of path: TOMLPath, level: Int
  ) throws(SyntaxFault) -> [TOMLDocument.Value] {
    let start = text.here
    _ = text.take("[")
    var elements: [TOMLDocument.Value] = []
    while true {
      try text.skipBlank()
      if text.take("]") { return elements }
      guard text.peek != nil else {
        throw text.fault("the list that begins here never ends", at: start)
      }
      let element = path.appending(String(elements.count))
      record(element, text.here)
      elements.append(try value(of: element, level: level + 1))
      try text.skipBlank()
      guard text.take(",") || text.next(is: "]") else {
        guard text.peek != nil else { continue }
        throw text.fault("the parts of a list must have commas between them, and ] after the last")
      }
    }
  }

  private mutating func inlineTable(
    of path: TOMLPath, level: Int
  ) throws(SyntaxFault) -> [String: TOMLDocument.Value] {
    _ = text.take("{")
    text.skipSpaces()
    sections += 1
    let section = sections
    // Nothing can be added to it behind its }, so it is a value then, and the table here is nobody's.
    tables.append(Table(origin: .header))
    let table = tables.count - 1
    if text.take("}") { return [:] }
    while true {
      try keyAndValue(in: table, path, section: section, level: level)
      text.skipSpaces()
      if text.take("}") { return plain(table) }
      guard text.take(",") else {
        throw text.fault("a table between { and } must stand on one line, commas between its parts")
      }
      text.skipSpaces()
    }
  }
}
