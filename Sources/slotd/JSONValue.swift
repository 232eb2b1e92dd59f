import Wire

/// JSON that is written for people and programs in no hurry (RFC 8259).
indirect enum JSONValue {
  case null
  case bool(Bool)
  case number(Int)
  /// Seconds, with a fraction of a millisecond.
  case seconds(Duration)
  case string(String)
  case array([JSONValue])
  /// Members in this order; those without a value are left out.
  case object([(String, JSONValue?)])

  /// The text, on one line.
  var text: String {
    switch self {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .number(let number): "\(number)"
    case .seconds(let duration): duration.secondsText
    case .string(let string): Self.quoted(string)
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.compactMap { name, value in value.map { "\(Self.quoted(name)):\($0.text)" } }
        .joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ string: String) -> String {
    // A control character takes six bytes, all others two at most.
    var buffer = ByteBuffer(capacity: string.utf8.count * 6 + 2)
    buffer.append("\"")
    buffer.append(json: string.utf8.span)
    buffer.append("\"")
    return String(copying: buffer.bytes)
  }
}

extension Duration {
  /// Seconds with four digits behind the point: `0.0123`.
  var secondsText: String {
    let (seconds, attoseconds) = components
    let fraction = "\(10_000 + attoseconds / 100_000_000_000_000)".dropFirst()
    return "\(seconds).\(fraction)"
  }

  /// Whole milliseconds as people read them: `12 ms`.
  var millisecondsText: String {
    let (seconds, attoseconds) = components
    return seconds > 9
      ? "\(seconds) s" : "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000) ms"
  }
}

extension JSONValue {
  /// A time in seconds since the beginning of 1970, as RFC 3339 has it.
  static func time(_ unixSeconds: Int64) -> JSONValue {
    .string(CivilTime(unixSeconds: unixSeconds).rfc3339)
  }
}

extension CivilTime {
  /// `2026-11-21T10:11:12Z`, for cold places.
  var rfc3339: String {
    var text = ByteBuffer(capacity: 32)
    text.append(rfc3339: self)
    return String(copying: text.bytes)
  }
}
