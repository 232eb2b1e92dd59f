/// Percent-encoding (RFC 3986 §2) as Signature Version 4 wants it: everything but unreserved characters, in upper-case hex.

extension ByteBuffer {
  /// Appends `bytes`, each that is not unreserved as `%XX`; with `keepingSlashes`, a `/` stays one, as in a path.
  ///
  /// A space becomes `%20` and never `+`, which only HTML forms read as a space.
  public mutating func append(percentEncoded bytes: Span<UInt8>, keepingSlashes: Bool = false) {
    var runStart = 0
    for i in bytes.indices where !bytes[i].isUnreserved {
      if keepingSlashes, bytes[i] == UInt8(ascii: "/") { continue }
      append(bytes.extracting(runStart..<i))
      append(percentEncoded: bytes[i])
      runStart = i + 1
    }
    append(bytes.extracting(runStart..<bytes.count))
  }

  /// Appends what percent-encoded `bytes` stand for; with `plusIsSpace`, `+` is a space, as in queries that forms and many
  /// libraries write. Returns false, and appends nothing, when a `%` is not followed by two hexadecimal digits.
  ///
  /// ```
  /// ✅ a%2fb%2Fc      a/b/c
  /// ❌ 100%           ❌ %9
  /// ```
  public mutating func append(percentDecoded bytes: Span<UInt8>, plusIsSpace: Bool = false) -> Bool
  {
    let start = count
    var i = 0
    while i < bytes.count {
      guard let byte = bytes.percentDecoded(at: &i, plusIsSpace: plusIsSpace) else {
        truncate(to: start)
        return false
      }
      append(byte)
    }
    return true
  }

  /// Appends percent-encoded `bytes` in the one canonical form: decoded and encoded again, so that it does not matter which
  /// characters the sender escaped, and in which case. Returns false, and appends nothing, where decoding would.
  public mutating func append(
    percentRecoded bytes: Span<UInt8>, keepingSlashes: Bool = false, plusIsSpace: Bool = false
  ) -> Bool {
    let start = count
    var i = 0
    while i < bytes.count {
      guard let byte = bytes.percentDecoded(at: &i, plusIsSpace: plusIsSpace) else {
        truncate(to: start)
        return false
      }
      if byte.isUnreserved || (keepingSlashes && byte == UInt8(ascii: "/")) {
        append(byte)
      } else {
        append(percentEncoded: byte)
      }
    }
    return true
  }

  /// Appends `%XX`.
  private mutating func append(percentEncoded byte: UInt8) {
    append(UInt8(ascii: "%"))
    append((byte >> 4).upperHexDigit)
    append((byte & 15).upperHexDigit)
  }
}

extension Span<UInt8> {
  /// The byte that is encoded at `i`, which moves behind it; nil for a `%` without two hexadecimal digits.
  fileprivate func percentDecoded(at i: inout Int, plusIsSpace: Bool) -> UInt8? {
    let byte = self[i]
    i += 1
    if byte == UInt8(ascii: "%") {
      guard i + 1 < count, let high = self[i].hexDigitValue, let low = self[i + 1].hexDigitValue
      else { return nil }
      i += 2
      return high << 4 | low
    }
    return plusIsSpace && byte == UInt8(ascii: "+") ? .space : byte
  }
}

extension UInt8 {
  /// Whether this byte never needs escaping in a URL (RFC 3986 §2.3).
  @inlinable public var isUnreserved: Bool {
    // One bit a character: `-.0-9` and `A-Z_a-z~`.
    let row: UInt64 = self < 64 ? 0x03FF_6000_0000_0000 : 0x47FF_FFFE_87FF_FFFE
    return self < 128 && (row >> UInt64(self & 63)) & 1 == 1
  }

  /// The digit for this value below 16, as percent-encoding writes it.
  fileprivate var upperHexDigit: UInt8 { self < 10 ? 0x30 &+ self : 0x37 &+ self }
}
