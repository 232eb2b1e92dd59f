public import Wire

/// What becomes of a file name in an object key: itself, as far as it can be.
///
/// `/`, `\` and control characters become `_`, and so do names that consist of dots. A name over ``bytesMax`` is cut in its
/// stem, never in its extension and never inside a character.
public enum FileName {
  /// Bytes that a name may have when it is asked for.
  public static let askedBytesMax = 1_024
  /// Bytes that a name has in an object key: what file systems take, because people save what they download.
  public static let bytesMax = 255
  /// Bytes that count as an extension, its dot included; more is a name with a dot in it.
  static let extensionBytesMax = 32

  /// Appends what `name`, which must be UTF-8, becomes.
  public static func append(_ name: Span<UInt8>, to key: inout ByteBuffer) {
    guard name.count > bytesMax else { return appendReplaced(name, to: &key) }
    let extensionStart = extensionStart(name)
    let room = bytesMax - (name.count - extensionStart)
    appendReplaced(name.extracting(first: cut(name, room)), to: &key)
    appendReplaced(name.extracting(droppingFirst: extensionStart), to: &key)
  }

  private static func appendReplaced(_ name: Span<UInt8>, to key: inout ByteBuffer) {
    if name.indices.allSatisfy({ name[$0] == UInt8(ascii: ".") }) {
      for _ in name.indices { key.append(UInt8(ascii: "_")) }
      return
    }
    var at = 0
    while true {
      at = key.append(name, from: at) {
        $0.marks(below: 0x20) | $0.marks(of: 0x7F) | $0.marks(of: 0xC2)
          | $0.marks(of: UInt8(ascii: "/")) | $0.marks(of: UInt8(ascii: "\\"))
      }
      guard at < name.count else { return }
      // U+0080 to U+009F are controls as well, C2 80 to C2 9F in UTF-8.
      let isLateControl = name[at] == 0xC2 && at + 1 < name.count && name[at + 1] < 0xA0
      key.append(name[at] == 0xC2 && !isLateControl ? 0xC2 : UInt8(ascii: "_"))
      at += isLateControl ? 2 : 1
    }
  }

  /// Where the extension of `name` begins, at its dot; the end of the name where it has none.
  private static func extensionStart(_ name: Span<UInt8>) -> Int {
    var at = name.count - 1
    while at > 0, name.count - at <= extensionBytesMax {
      if name[at] == UInt8(ascii: ".") { return at == name.count - 1 ? name.count : at }
      at -= 1
    }
    return name.count
  }

  /// The largest place up to `limit` that does not lie inside a character.
  private static func cut(_ name: Span<UInt8>, _ limit: Int) -> Int {
    var at = limit
    while at > 0, name[at] & 0xC0 == 0x80 { at -= 1 }
    return at
  }
}
