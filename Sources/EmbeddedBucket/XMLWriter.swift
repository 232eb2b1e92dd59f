internal import Wire

/// Writes an XML document of S3's, of any length.
struct XMLWriter: Sendable {
  private(set) var bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)

  /// The namespace of S3's documents; that of errors has none.
  private static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

  /// Writes the root element of a document, and what `content` writes into it.
  mutating func root(_ name: String, _ content: (inout XMLWriter) -> Void) {
    bytes += "<\(name) xmlns=\"\(Self.namespace)\">".utf8
    content(&self)
    bytes += "</\(name)>".utf8
  }

  /// Writes an element, and what `content` writes into it. `name` is ours and needs no escaping.
  mutating func element(_ name: String, _ content: (inout XMLWriter) -> Void) {
    bytes += "<\(name)>".utf8
    content(&self)
    bytes += "</\(name)>".utf8
  }

  /// Writes an element with text in it.
  mutating func leaf(_ name: String, _ text: String) { element(name) { $0.text(text) } }

  /// Writes an element with text, which is UTF-8, in it.
  mutating func leaf(_ name: String, _ text: [UInt8]) { element(name) { $0.text(text) } }

  /// Writes an element with a time in it, which S3 shows to the millisecond.
  mutating func leaf(_ name: String, time unixSeconds: Int64) {
    var text = ByteBuffer(capacity: 32)
    text.append(rfc3339: CivilTime(unixSeconds: unixSeconds))
    leaf(name, String(copying: text.bytes.extracting(droppingLast: 1)) + ".000Z")
  }

  mutating func text(_ text: String) { self.text(Array(text.utf8)) }

  /// Writes text, which is UTF-8.
  ///
  /// Control characters are written as references, as S3 does, except those that readers keep as they are. XML 1.0 has no form for most of them, so some readers will not have
  /// it; but no other would give the key back, and whoever has such keys asks for `encoding-type=url`.
  mutating func text(_ text: [UInt8]) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case 0x09, 0x0A: bytes.append(byte)
      case 0x00..<0x20, 0x7F: bytes += "&#\(byte);".utf8
      default: bytes.append(byte)
      }
    }
  }

  /// Writes the owner of everything here.
  mutating func owner() {
    element("Owner") { xml in
      xml.leaf("ID", "slotd")
      xml.leaf("DisplayName", "slotd")
    }
  }
}
