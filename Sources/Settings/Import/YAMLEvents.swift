internal import CYAML

/// The events of a YAML text, one by one. The only file that knows libyaml.
@safe
struct YAMLEvents: ~Copyable {
  /// What was read, and the line where it begins.
  struct Event {
    enum Kind {
      case scalar(String, isPlain: Bool)
      case alias
      case list, listEnd
      case map, mapEnd
      case end
      case other
    }
    var kind: Kind
    /// The name behind `&` or `*`, or nothing.
    var anchor: String
    var place: TextPlace
  }

  private let parser: OpaquePointer

  /// Begins with `text`; nil when there is no memory.
  init?(_ text: String) {
    // Safe: the parser is this value's own and freed once, in `deinit`; it keeps a copy of the text.
    guard let parser = unsafe slotd_yaml_make(Array(text.utf8).span) else { return nil }
    unsafe self.parser = parser
  }

  deinit { unsafe slotd_yaml_free(parser) }

  /// The next event.
  mutating func next() throws(SyntaxFault) -> Event {
    let event = unsafe slotd_yaml_next(parser)
    let place = TextPlace(line: Int(event.line), column: Int(event.column))
    var anchor = [UInt8](repeating: 0, count: Int(event.anchor_count))
    var target = anchor.mutableSpan
    unsafe slotd_yaml_anchor(parser, &target)
    let name = String(decoding: anchor, as: UTF8.self)
    return Event(kind: try kind(event, place), anchor: name, place: place)
  }

  private func kind(
    _ event: slotd_yaml_event, _ place: TextPlace
  ) throws(SyntaxFault) -> Event.Kind {
    switch UInt32(event.kind) {
    case SLOTD_YAML_SCALAR.rawValue:
      var text = [UInt8](repeating: 0, count: Int(event.text_count))
      var target = text.mutableSpan
      unsafe slotd_yaml_text(parser, &target)
      return .scalar(String(decoding: text, as: UTF8.self), isPlain: event.is_plain)
    case SLOTD_YAML_ALIAS.rawValue: return .alias
    case SLOTD_YAML_LIST.rawValue: return .list
    case SLOTD_YAML_LIST_END.rawValue: return .listEnd
    case SLOTD_YAML_MAP.rawValue: return .map
    case SLOTD_YAML_MAP_END.rawValue: return .mapEnd
    case SLOTD_YAML_END.rawValue: return .end
    case SLOTD_YAML_FAILED.rawValue:
      // Safe: libyaml's words are literals.
      let problem = unsafe String(cString: slotd_yaml_problem(parser))
      throw SyntaxFault(place: place, sentence: "this is not valid YAML: \(problem)")
    default: return .other
    }
  }
}
