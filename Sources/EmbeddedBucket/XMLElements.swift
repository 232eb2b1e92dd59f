internal import Wire

/// Calls `visit` at the end of each element of an XML document: with the number of elements around it, its name, and the text that
/// stands right in it. So the leaves of an element come before the element itself.
///
/// Throws `MalformedXML` where it is no such document, and what `visit` throws.
func forEachElement(
  in document: Span<UInt8>,
  _ visit: (_ depth: Int, _ name: String, _ text: [UInt8]) throws(S3Error) -> Void
) throws(S3Error) {
  guard isUTF8(document) else { throw .malformedXML("It is not UTF-8.") }
  var reader = XMLReader()
  var text = ByteBuffer(capacity: max(document.count, 1))
  while true {
    switch reader.next(document) {
    case .start: text.clear()
    case .text(let range):
      guard text.append(xmlDecoded: document[range]) else {
        throw .malformedXML("An entity or character reference is unknown.")
      }
    case .literal(let range): text.append(document[range])
    case .end(let name):
      try visit(reader.depth, String(copying: document[name]), Array(copying: text.bytes))
      text.clear()
    case .over: return
    case .malformed(let reason): throw .malformedXML(reason.description)
    }
  }
}
