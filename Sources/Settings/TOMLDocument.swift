/// A TOML text as plain values, and where each stands.
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
    let reader = try TOMLReader(text)
    root = reader.root
    places = reader.places
  }

  /// Where the value at `path` stands, or the nearest table around it.
  func place(of path: TOMLPath) -> TextPlace {
    var path = path
    while places[path] == nil, !path.parts.isEmpty { path.parts.removeLast() }
    return places[path] ?? TextPlace(line: 1, column: 1)
  }
}
