public import Wire

extension SlotRequest {
  /// Reads the query of `GET /slot`: what ejabberd appends to its `service_url`.
  ///
  /// The texts are decoded into `scratch`. Returns what is wrong, in one sentence, or nil. A parameter with an unknown
  /// name is passed over, one that is there twice is refused.
  public mutating func read(query: Span<UInt8>, into scratch: inout ByteBuffer) -> StaticString? {
    let (equals, ampersand) = (UInt8(ascii: "="), UInt8(ascii: "&"))
    var at = 0
    while at < query.count {
      let nameEnd = query.firstPlace(from: at) { $0.marks(of: equals) | $0.marks(of: ampersand) }
      let field = Field(query.extracting(at..<nameEnd))
      guard nameEnd < query.count, query[nameEnd] == equals, let field else {
        at = (query.firstIndex(of: ampersand, from: nameEnd) ?? query.count) + 1
        continue
      }
      if has(field) { return "A parameter of the query is there twice." }
      let start = scratch.count
      let end = scratch.append(
        percentDecoded: query, from: nameEnd + 1, upTo: ampersand, plusIsSpace: true)
      guard let end else { return "A parameter of the query is not percent-encoded correctly." }
      at = end + 1
      let range = ByteRange(start, scratch.count)
      guard scratch.bytes[range].isUTF8 else { return "A parameter of the query is not UTF-8." }
      if let mistake = set(field, range, in: scratch.bytes) { return mistake }
    }
    return nil
  }

  /// Reads the JSON body of `POST /slot`.
  ///
  /// The texts are decoded into `scratch`. Returns what is wrong, in one sentence, or nil. An unknown member is passed over, and so
  /// is `null`, which some encoders write for nothing.
  public mutating func read(json: Span<UInt8>, into scratch: inout ByteBuffer) -> StaticString? {
    guard json.isUTF8 else { return "The body is not UTF-8." }
    var reader = JSONObjectReader()
    while true {
      switch reader.next(json, &scratch) {
      case .end:
        return nil
      case .malformed(let reason):
        return reason
      case .member(let name, let value):
        guard let field = Field(scratch.bytes[name]), value != .null else { continue }
        if has(field) { return "A field is there under both of its names." }
        if let mistake = set(field, value, json, scratch.bytes) { return mistake }
      }
    }
  }

  private mutating func set(
    _ field: Field, _ value: JSONObjectReader.Value, _ json: Span<UInt8>, _ text: Span<UInt8>
  ) -> StaticString? {
    switch (field, value) {
    case (.size, .number(let range)), (.expirationTime, .number(let range)):
      return setNumber(field, json[range])
    case (.size, _), (.expirationTime, _):
      return "The size and the expiration_time must be JSON numbers."
    case (_, .string(let range)):
      return set(field, range, in: text)
    default:
      return "A field that must be a JSON string is something else."
    }
  }
}

extension Span<UInt8> {
  /// Whether these bytes are well-formed UTF-8 (RFC 3629).
  var isUTF8: Bool {
    // Most text is ASCII, which is seen at once.
    firstPlace { $0.marksBeyondASCII } == count || (try? UTF8Span(validating: self)) != nil
  }
}
