public import Wire

/// The parts of a JID that a slot depends on, as ranges into the bytes that it was read from (RFC 7622).
///
/// ```
/// ✅ romeo@montague.example/orchard      bare: romeo@montague.example, domain: montague.example
/// ✅ montague.example                    a server asks for itself
/// ❌ @montague.example   a b@c   a@b@c
/// ```
///
/// XMPP servers send JIDs that are normalized already, so only what could be taken for something else is refused here.
public struct JID: Equatable, Sendable {
  /// Everything but the resource.
  public let bare: ByteRange
  /// The domain, without a dot at its end.
  public let domain: ByteRange

  /// Bytes that a JID may have: 1,023 a part, and the two separators.
  public static let bytesMax = 3_071
  /// Bytes that a part of a JID may have.
  static let partBytesMax = 1_023

  /// Reads the JID at `range` of `bytes`; nil where it is none.
  public init?(_ range: ByteRange, in bytes: Span<UInt8>) {
    let text = bytes[range]
    guard !text.isEmpty, text.count <= Self.bytesMax else { return nil }
    let start = Int(range.lower)
    let bareEnd = text.firstIndex(of: UInt8(ascii: "/")) ?? text.count
    let bareText = text.extracting(first: bareEnd)
    let at = bareText.firstIndex(of: UInt8(ascii: "@"))
    let domainStart = at.map { $0 + 1 } ?? 0
    if let at {
      guard Self.isLocalPart(bareText.extracting(first: at)) else { return nil }
    }
    var domainText = bareText.extracting(droppingFirst: domainStart)
    // RFC 7622 §3.2: a dot at the end is stripped before anything is compared.
    if domainText.count > 1, domainText[domainText.count - 1] == UInt8(ascii: ".") {
      domainText = domainText.extracting(first: domainText.count - 1)
    }
    guard Self.isDomain(domainText) else { return nil }
    domain = ByteRange(start + domainStart, start + domainStart + domainText.count)
    bare = ByteRange(start, Int(domain.upper))
  }

  /// RFC 7622 §3.3.1: no white space, no controls, none of `"&'/:<>@`.
  static func isLocalPart(_ text: Span<UInt8>) -> Bool {
    guard !text.isEmpty, text.count <= partBytesMax else { return false }
    for i in text.indices {
      switch text[i] {
      case 0...0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "&"), UInt8(ascii: "'"),
        UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "<"), UInt8(ascii: ">"),
        UInt8(ascii: "@"):
        return false
      default: continue
      }
    }
    return true
  }

  /// A host name in any script, or an address in brackets: no white space, no controls, no `@`, no `/`, and no dot at its end, where
  /// only one is stripped.
  static func isDomain(_ text: Span<UInt8>) -> Bool {
    guard !text.isEmpty, text.count <= partBytesMax, text[text.count - 1] != UInt8(ascii: ".")
    else { return false }
    for i in text.indices {
      switch text[i] {
      case 0...0x20, 0x7F, UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "\""),
        UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"):
        return false
      default: continue
      }
    }
    return true
  }
}
