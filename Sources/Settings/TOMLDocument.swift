internal import TOMLKit

/// A TOML text as plain values, and where each stands. The only file that knows TOMLKit.
struct TOMLDocument {
  /// A value; what no setting can be (fractions, dates) is kept as its kind alone.
  enum Value: Equatable, Sendable {
    case text(String)
    case integer(Int)
    case boolean(Bool)
    case list([Value])
    case table([String: Value])
    case other(kind: String)
  }

  let root: [String: Value]
  private let places: [TOMLPath: TextPlace]

  /// Reads `text`.
  init(_ text: String) throws(SyntaxFault) {
    // First the outline: it keeps from TOMLKit what TOMLKit cannot stand.
    places = try TOMLOutline(text).places
    do {
      root = Self.plain(try TOMLTable(string: text))
    } catch {
      throw Self.fault(error)
    }
  }

  /// Where the value at `path` stands, or the nearest table around it.
  func place(of path: TOMLPath) -> TextPlace {
    var path = path
    while places[path] == nil, !path.parts.isEmpty { path.parts.removeLast() }
    return places[path] ?? TextPlace(line: 1, column: 1)
  }

  private static func plain(_ table: TOMLTable) -> [String: Value] {
    var result: [String: Value] = [:]
    for key in table.keys { result[key] = table[key].map { plain($0.tomlValue) } }
    return result
  }

  private static func plain(_ value: TOMLValue) -> Value {
    if let text = value.string { return .text(text) }
    if let number = value.int { return .integer(number) }
    if let truth = value.bool { return .boolean(truth) }
    if let table = value.table { return .table(plain(table)) }
    if let array = value.array { return .list(array.map { plain($0.tomlValue) }) }
    return .other(kind: value.type == .double ? "a number with a fraction" : "a date or time")
  }

  /// TOMLKit's error, with what it quotes of the text taken out: that may be a piece of a secret.
  private static func fault(_ error: any Error) -> SyntaxFault {
    guard let error = error as? TOMLParseError else {
      return .init(place: TextPlace(line: 1, column: 1), sentence: "this is not valid TOML")
    }
    var words = error.description
    if let first = words.firstIndex(of: "'"), let last = words.lastIndex(of: "'"), first < last {
      words.replaceSubrange(words.index(after: first)..<last, with: "…")
    }
    let place = TextPlace(line: error.source.begin.line, column: error.source.begin.column)
    return .init(place: place, sentence: "this is not valid TOML: \(words)")
  }
}
