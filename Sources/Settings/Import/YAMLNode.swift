/// A YAML text as plain values, each with its line.
struct YAMLNode: Sendable {
  enum Value: Sendable {
    /// A text; `isPlain` where it stands without quotes and so may be a number or a word such as `true`.
    case scalar(String, isPlain: Bool)
    case list([YAMLNode])
    /// Keys in the order of the text.
    case map([(key: String, line: Int, value: YAMLNode)])
  }

  var value: Value
  var line: Int

  /// Values and levels a text may have: aliases can make very many of very few bytes.
  private static let (nodesMax, levelsMax) = (100_000, 64)

  /// Reads the first document of `text`; an empty one is an empty map.
  init(_ text: String) throws(SyntaxFault) {
    let start = TextPlace(line: 1, column: 1)
    guard var events = YAMLEvents(text) else {
      throw SyntaxFault(place: start, sentence: "there is not enough memory to read this")
    }
    var reader = Reader()
    var event = try events.next()
    while case .other = event.kind { event = try events.next() }
    if case .end = event.kind {
      self = YAMLNode(value: .map([]), line: 1)
    } else {
      self = try reader.node(event, &events, level: 0)
    }
  }

  private init(value: Value, line: Int) { (self.value, self.line) = (value, line) }

  private struct Reader {
    var anchors: [String: (node: YAMLNode, count: Int)] = [:]
    var count = 0

    mutating func node(
      _ event: YAMLEvents.Event, _ events: inout YAMLEvents, level: Int
    ) throws(SyntaxFault) -> YAMLNode {
      guard level < levelsMax, count < nodesMax else {
        throw SyntaxFault(place: event.place, sentence: "there are too many values here")
      }
      let before = count
      count += 1
      let line = event.place.line
      let node: YAMLNode
      switch event.kind {
      case .scalar(let text, let isPlain):
        node = YAMLNode(value: .scalar(text, isPlain: isPlain), line: line)
      case .alias:
        guard let anchor = anchors[event.anchor] else {
          throw SyntaxFault(place: event.place, sentence: "this alias has no anchor before it")
        }
        count += anchor.count
        return anchor.node
      case .list: node = YAMLNode(value: .list(try list(&events, level)), line: line)
      case .map: node = YAMLNode(value: .map(try map(&events, level)), line: line)
      default: throw SyntaxFault(place: event.place, sentence: "a value is missing here")
      }
      if !event.anchor.isEmpty { anchors[event.anchor] = (node, count - before) }
      return node
    }

    private mutating func list(
      _ events: inout YAMLEvents, _ level: Int
    ) throws(SyntaxFault) -> [YAMLNode] {
      var nodes: [YAMLNode] = []
      while true {
        let event = try events.next()
        if case .listEnd = event.kind { return nodes }
        nodes.append(try node(event, &events, level: level + 1))
      }
    }

    private mutating func map(
      _ events: inout YAMLEvents, _ level: Int
    ) throws(SyntaxFault) -> [(key: String, line: Int, value: YAMLNode)] {
      var pairs: [(key: String, line: Int, value: YAMLNode)] = []
      while true {
        let event = try events.next()
        if case .mapEnd = event.kind { return pairs }
        let key = try node(event, &events, level: level + 1)
        let value = try node(try events.next(), &events, level: level + 1)
        // A key that is a list or a map is none that anyone here asks for.
        if case .scalar(let text, _) = key.value { pairs.append((text, key.line, value)) }
      }
    }
  }
}

extension YAMLNode {
  /// The value of `key` in a map.
  subscript(key: String) -> YAMLNode? {
    guard case .map(let pairs) = value else { return nil }
    return pairs.last { $0.key == key }?.value
  }

  /// The text of a scalar.
  var text: String? { if case .scalar(let text, _) = value { text } else { nil } }
}
