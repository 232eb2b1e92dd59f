import TestSupport
import Wire

/// The members of the object in `text` as `name=value`, strings in quotation marks, nested values as `[]`; nil where it is malformed.
func read(_ text: String, room: Int = 65_536) -> [String]? {
  try? read(Array(text.utf8), room: room).get()
}

/// The same of bytes, or why they are malformed.
func read(_ bytes: [UInt8], room: Int = 65_536) -> Result<[String], Malformed> {
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
    case .end: return .success(members)
    case .malformed(let reason): return .failure(Malformed(reason: reason.description))
    }
  }
}

/// Why bytes are no JSON object.
struct Malformed: Error, Equatable {
  var reason: String
}
