extension ByteBuffer {
  /// Appends what the text of an XML document stands for: entities and character references decoded, each line end one LF
  /// (XML 1.0 §2.11). Returns false, and appends nothing, where it holds another entity or a character that cannot be.
  ///
  /// ```
  /// ✅ a &amp; b &#x1F600;
  /// ❌ a & b           ❌ &nbsp;           ❌ &#xD800;
  /// ```
  public mutating func append(xmlDecoded text: Span<UInt8>) -> Bool {
    let start = count
    var i = 0
    while i < text.count {
      switch text[i] {
      case UInt8(ascii: "&"):
        // `&#1114111;` is the longest that there is; a reference may have zeros before its digits, which nobody writes.
        guard let end = text.firstIndex(of: UInt8(ascii: ";"), from: i), end - i <= 16,
          append(xmlReference: text.extracting(i + 1..<end))
        else {
          truncate(to: start)
          return false
        }
        i = end
      case .cr:
        append(.lf)
        if i + 1 < text.count, text[i + 1] == .lf { i += 1 }
      case let byte:
        append(byte)
      }
      i += 1
    }
    return true
  }

  /// Appends the character that what stands between `&` and `;` is a name for.
  private mutating func append(xmlReference name: Span<UInt8>) -> Bool {
    if name.starts(with: "#") { return append(xmlCharacter: name.extracting(droppingFirst: 1)) }
    if name.equals("amp") {
      append(UInt8(ascii: "&"))
    } else if name.equals("lt") {
      append(UInt8(ascii: "<"))
    } else if name.equals("gt") {
      append(UInt8(ascii: ">"))
    } else if name.equals("quot") {
      append(UInt8(ascii: "\""))
    } else if name.equals("apos") {
      append(UInt8(ascii: "'"))
    } else {
      return false
    }
    return true
  }

  /// Appends the character with the number `65` or `x41`.
  ///
  /// References to control characters, which XML 1.0 forbids, are decoded all the same: S3 writes keys so.
  private mutating func append(xmlCharacter digits: Span<UInt8>) -> Bool {
    let isHex = digits.starts(with: "x")
    var number: UInt32 = 0
    let start = isHex ? 1 : 0
    guard digits.count > start, digits.count - start <= 8 else { return false }
    for i in start..<digits.count {
      guard let digit = digits[i].hexDigitValue, isHex || digit < 10 else { return false }
      number = number &* (isHex ? 16 : 10) &+ UInt32(digit)
    }
    guard let scalar = Unicode.Scalar(number), let encoded = UTF8.encode(scalar) else {
      return false
    }
    for byte in encoded { append(byte) }
    return true
  }
}
