internal import Wire

/// How a download is kept from doing harm in the browser that shows it: the file comes from a stranger, and its URL may belong to a
/// host that has more to lose than files (XEP-0363 §8, "Security Considerations").
enum MediaSafety {
  /// Whether a browser may show a file of this type in place, instead of saving it: pictures, sound, film and plain text.
  ///
  /// ```
  /// ✅ image/jpeg      ✅ text/plain; charset=utf-8
  /// ❌ text/html       ❌ image/svg+xml, which may hold scripts
  /// ```
  static func mayBeShown(_ contentType: [UInt8]) -> Bool {
    let type = String(decoding: contentType.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
      .lowercased()
    let essence = String(copying: type.utf8.span.trimmed)
    if essence == "text/plain" { return true }
    if essence.hasPrefix("image/") { return !essence.hasPrefix("image/svg") }
    return essence.hasPrefix("audio/") || essence.hasPrefix("video/")
  }

  /// The `Content-Disposition` of a file that was stored with `stored`: its own, except that what may not be shown is an attachment.
  static func disposition(_ stored: [UInt8]?, contentType: [UInt8]) -> [UInt8]? {
    if mayBeShown(contentType) { return stored }
    if let stored, stored.count >= 10, stored.span.extracting(first: 10).isAttachment {
      return stored
    }
    return Array("attachment".utf8)
  }

  /// Writes the fields that go with every file.
  static func write(_ writer: inout ResponseWriter) {
    writer.field(
      "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
    writer.field("X-Content-Type-Options", "nosniff")
  }
}

extension Span<UInt8> {
  fileprivate var isAttachment: Bool { equalsIgnoringCase("attachment") }
}
