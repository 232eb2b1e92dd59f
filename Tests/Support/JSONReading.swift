internal import Wire

/// What a reader found in bytes that should be one JSON object, in a form that can be compared and printed.
public enum JSONReading: Equatable, Sendable {
  /// Its members as `name=value`: strings in quotation marks, objects and arrays as `[]`.
  case members([String])
  /// It is none: why.
  case malformed(String)

  /// The reading of ``JSONObjectReader``, with `room` bytes to decode strings into.
  public init(_ bytes: [UInt8], room: Int = 65_536) {
    var scratch = ByteBuffer(capacity: room)
    var reader = JSONObjectReader()
    var members: [String] = []
    while true {
      switch reader.next(bytes.span, &scratch) {
      case .member(let name, let value):
        let name = scratch.bytes[name].text
        switch value {
        case .string(let range): members.append("\(name)=\"\(scratch.bytes[range].text)\"")
        case .number(let range): members.append("\(name)=\(bytes.span[range].text)")
        case .bool(let bool): members.append("\(name)=\(bool)")
        case .null: members.append("\(name)=null")
        case .nested: members.append("\(name)=[]")
        }
      case .end:
        self = .members(members)
        return
      case .malformed(let reason):
        self = .malformed(reason.description)
        return
      }
    }
  }

  /// The same of a string.
  public init(_ text: String, room: Int = 65_536) { self.init(Array(text.utf8), room: room) }

  /// The members, or nil where it is no object.
  public var members: [String]? {
    if case .members(let members) = self { members } else { nil }
  }
}
