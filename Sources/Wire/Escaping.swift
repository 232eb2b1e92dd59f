extension ByteBuffer {
  /// Appends UTF-8 as the inside of a JSON string (RFC 8259 §7).
  public mutating func append(json bytes: Span<UInt8>) {
    for i in bytes.indices {
      let byte = bytes[i]
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x0A: append("\\n")
      case 0x00..<0x20:
        append("\\u00")
        append(0x30 | byte >> 4)
        append(("0123456789abcdef" as StaticString).bytes[Int(byte & 15)])
      default: append(byte)
      }
    }
  }

  /// Appends UTF-8 as the value of an XML attribute in single quotes, or as character data (XML 1.0 §2.4).
  ///
  /// What XML cannot hold in any form, control characters and U+FFFE and U+FFFF, becomes U+FFFD.
  public mutating func append(xml bytes: Span<UInt8>) {
    var i = 0
    while true {
      i = append(bytes, from: i) { $0.marksOfXML }
      guard i < bytes.count else { return }
      appendReference(to: bytes, i)
      i += 1
    }
  }

  private mutating func appendReference(to bytes: Span<UInt8>, _ i: Int) {
    let byte = bytes[i]
    switch byte {
    case UInt8(ascii: "&"): append("&amp;")
    case UInt8(ascii: "<"): append("&lt;")
    case UInt8(ascii: ">"): append("&gt;")
    case UInt8(ascii: "'"): append("&apos;")
    case UInt8(ascii: "\""): append("&quot;")
    case 0x09, 0x0A, 0x0D:
      append("&#")
      append(decimal: UInt64(byte))
      append(UInt8(ascii: ";"))
    // The last byte of U+FFFE and U+FFFF makes them U+FFFD.
    case 0xBE, 0xBF:
      let isNoncharacter = i >= 2 && bytes[i - 2] == 0xEF && bytes[i - 1] == 0xBF
      append(isNoncharacter ? 0xBD : byte)
    default: append("\u{FFFD}")
    }
  }
}

extension EightBytes {
  /// Marks the bytes of UTF-8 that may not stand for themselves in XML, wherever they stand.
  fileprivate var marksOfXML: UInt64 {
    // Some are told apart by one bit: `&'`, `<>`, and the last bytes of U+FFFE and U+FFFF.
    marks(below: 0x20) | marks(of: UInt8(ascii: "\"")) | with(1).marks(of: UInt8(ascii: "'"))
      | with(2).marks(of: UInt8(ascii: ">")) | with(1).marks(of: 0xBF)
  }
}
