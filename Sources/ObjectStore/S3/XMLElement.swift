internal import Wire

/// A small XML document as a tree: an answer of an S3 server. For cold places: it allocates.
struct XMLElement: Equatable {
  /// The name, without its prefix.
  var name: String
  /// The text directly inside it.
  var text = ""
  /// The elements directly inside it.
  var children: [XMLElement] = []

  /// The text of the first child called `name`, or nothing.
  subscript(_ name: String) -> String { children.first { $0.name == name }?.text ?? "" }

  /// The children called `name`.
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The root of a document; nil where it is malformed in any way.
  static func read(_ document: [UInt8]) -> XMLElement? {
    let bytes = document.span
    var reader = XMLReader()
    // The elements that are open, the root in front.
    var open: [XMLElement] = []
    while true {
      switch reader.next(bytes) {
      case .start(let name):
        open.append(XMLElement(name: String(copying: bytes[name])))
      case .text(let range):
        var text = ByteBuffer(capacity: max(range.count, 1))
        guard text.append(xmlDecoded: bytes[range]), !open.isEmpty else { return nil }
        open[open.count - 1].text += String(copying: text.bytes)
      case .literal(let range):
        guard !open.isEmpty else { return nil }
        open[open.count - 1].text += String(copying: bytes[range])
      case .end:
        guard let element = open.popLast() else { return nil }
        guard !open.isEmpty else {
          return reader.next(bytes) == .over ? element : nil
        }
        open[open.count - 1].children.append(element)
      case .over, .malformed:
        return nil
      }
    }
  }
}
