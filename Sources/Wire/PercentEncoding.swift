/// Percent-encoding (RFC 3986 §2) as Signature Version 4 wants it: everything but unreserved characters, in upper-case hex.

extension ByteBuffer {
  /// Appends `bytes`, each that is not unreserved as `%XX`; with `keepingSlashes`, a `/` stays one, as in a path.
  ///
  /// A space becomes `%20` and never `+`, which only HTML forms read as a space.
  public mutating func append(percentEncoded bytes: Span<UInt8>, keepingSlashes: Bool = false) {
    var i = 0
    while i < bytes.count {
      let runEnd = bytes.endOfUnreserved(from: i, keepingSlashes)
      append(bytes.extracting(i..<runEnd))
      if runEnd < bytes.count { append(percentEncoded: bytes[runEnd]) }
      i = runEnd + 1
    }
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
  /// The place of the first byte at or after `start` that needs escaping, or the end.
  fileprivate func endOfUnreserved(from start: Int, _ keepingSlashes: Bool) -> Int {
    var i = start
    // Object keys begin with a token of 64 digits: eight bytes at a time take a fifth of the time.
    while i + 8 <= count, areLettersOrDigits(at: i) { i += 8 }
    while i < count, self[i].isUnreserved || keepingSlashes && self[i] == UInt8(ascii: "/") {
      i += 1
    }
    return i
  }

  /// Whether the eight bytes from `i` on are all letters or digits.
  private func areLettersOrDigits(at i: Int) -> Bool {
    // Safe: the caller has seen that there are eight bytes.
    let bytes = unsafe withUnsafeBytes {
      unsafe $0.loadUnaligned(fromByteOffset: i, as: UInt64.self)
    }
    // The highest bit of each byte says whether it reached a bound; bytes that have it already are none of ours.
    let each: UInt64 = 0x0101_0101_0101_0101
    let low = bytes & (each &* 0x7F)
    let lower = low | each &* 0x20
    let digits = (low &+ each &* (0x80 - 0x30)) & ~(low &+ each &* (0x80 - 0x3A))
    let letters = (lower &+ each &* (0x80 - 0x61)) & ~(lower &+ each &* (0x80 - 0x7B))
    return (digits | letters) & ~bytes & (each &* 0x80) == each &* 0x80
  }

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
