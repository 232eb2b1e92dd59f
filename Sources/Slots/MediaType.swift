internal import Wire

/// Media types as RFC 9110 §8.3.1 has them: `type/subtype` and parameters.
public enum MediaType {
  /// Bytes that one may have.
  public static let bytesMax = 255

  /// Whether `text` is a media type. White space is allowed around `;`, as the grammar has it, and nowhere else.
  public static func isValid(_ text: Span<UInt8>) -> Bool {
    guard text.count <= bytesMax, var at = essenceEnd(text) else { return false }
    while at < text.count {
      skipSpace(text, &at)
      guard at < text.count, text[at] == UInt8(ascii: ";") else { return false }
      at += 1
      skipSpace(text, &at)
      // An empty parameter is allowed: `text/plain;`.
      if at == text.count || text[at] == UInt8(ascii: ";") { continue }
      guard token(text, &at), at < text.count, text[at] == UInt8(ascii: "=") else { return false }
      at += 1
      guard value(text, &at) else { return false }
    }
    return true
  }

  /// Where `type/subtype` ends, or nil where it does not begin so.
  static func essenceEnd(_ text: Span<UInt8>) -> Int? {
    var at = 0
    guard token(text, &at), at < text.count, text[at] == UInt8(ascii: "/") else { return nil }
    at += 1
    return token(text, &at) ? at : nil
  }

  /// Whether `text` is of the type that `pattern` names: `image/png`, `image/*` or `*/*`, in lower case.
  static func matches(_ text: Span<UInt8>, _ pattern: Span<UInt8>) -> Bool {
    guard let end = essenceEnd(text) else { return false }
    if pattern.equals("*/*") { return true }
    let isFamily = pattern.count > 2 && pattern[pattern.count - 1] == UInt8(ascii: "*")
    let compared = isFamily ? pattern.extracting(first: pattern.count - 1) : pattern
    guard isFamily ? end > compared.count : end == compared.count else { return false }
    for i in compared.indices where text[i].asciiLowercased != compared[i] { return false }
    return true
  }

  private static func skipSpace(_ text: Span<UInt8>, _ at: inout Int) {
    while at < text.count, text[at] == 0x20 || text[at] == 0x09 { at += 1 }
  }

  private static func token(_ text: Span<UInt8>, _ at: inout Int) -> Bool {
    let start = at
    while at < text.count, text[at].isTokenCharacter { at += 1 }
    return at > start
  }

  /// A token or a quoted string (RFC 9110 §5.6.4).
  private static func value(_ text: Span<UInt8>, _ at: inout Int) -> Bool {
    guard at < text.count, text[at] == UInt8(ascii: "\"") else { return token(text, &at) }
    at += 1
    while at < text.count, text[at] != UInt8(ascii: "\"") {
      if text[at] == UInt8(ascii: "\\") { at += 1 }
      guard at < text.count, text[at].isFieldValueCharacter else { return false }
      at += 1
    }
    guard at < text.count else { return false }
    at += 1
    return true
  }
}
