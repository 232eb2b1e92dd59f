internal import Wire

/// The fields of a request, kept for as long as its answer takes.
struct RequestFields: Sendable {
  /// Names in lower case, in the order in which they came.
  let all: [(name: String, value: [UInt8])]

  init(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) {
    var all: [(name: String, value: [UInt8])] = []
    all.reserveCapacity(head.fieldCount)
    for i in 0..<head.fieldCount {
      let field = head.fields[i]
      all.append(
        (String(copying: bytes[field.name]).lowercased(), Array(copying: bytes[field.value])))
    }
    self.all = all
  }

  /// The bytes of the first field called `name`, which is in lower case, or nil.
  subscript(bytes name: String) -> [UInt8]? { all.first { $0.name == name }?.value }

  /// The text of the first field called `name`, or nil.
  subscript(_ name: String) -> String? {
    self[bytes: name].map { String(decoding: $0, as: UTF8.self) }
  }

  func has(_ name: String) -> Bool { all.contains { $0.name == name } }

  /// The entries of a field that is a list of words with commas between them; none without it.
  func list(_ name: String) -> [String] {
    (self[name] ?? "").split(separator: ",").map { entry in
      String(copying: String(entry).utf8.span.trimmed)
    }
  }
}
