internal import Wire

extension ObjectIndex.Start {
  /// What a continuation token holds: which kind of place it is, and the place.
  private static let keyMark = UInt8(ascii: "k")
  private static let prefixMark = UInt8(ascii: "p")

  init?(token: String) {
    var bytes = ByteBuffer(capacity: max(token.utf8.count, 1))
    guard bytes.append(base64Decoded: token.utf8.span), !bytes.isEmpty else { return nil }
    let place = Array(copying: bytes.bytes.extracting(droppingFirst: 1))
    switch bytes.bytes[0] {
    case Self.keyMark: self = .afterKey(place)
    case Self.prefixMark: self = .afterPrefix(place)
    default: return nil
    }
  }

  /// Text that ``init(token:)`` makes the same place of.
  var token: String {
    let bytes =
      switch self {
      case .beginning: [Self.keyMark]
      case .afterKey(let key): [Self.keyMark] + key
      case .afterPrefix(let prefix): [Self.prefixMark] + prefix
      }
    var text = ByteBuffer(capacity: bytes.count * 2 + 4)
    text.append(base64: bytes.span)
    return String(copying: text.bytes)
  }
}
