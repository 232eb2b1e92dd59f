/// Percent-encoding (RFC 3986 §2) as Signature Version 4 wants it: everything but unreserved characters, in upper-case hex.

extension ByteBuffer {
  /// Appends `bytes`, each that is not unreserved as `%XX`; with `keepingSlashes`, a `/` stays one, as in a path.
  ///
  /// A space becomes `%20` and never `+`, which only HTML forms read as a space.
  public mutating func append(percentEncoded bytes: Span<UInt8>, keepingSlashes: Bool = false) {
    _ = append(percent: bytes, decodes: false, encodes: true, keepingSlashes: keepingSlashes)
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
    append(percent: bytes, decodes: true, plusIsSpace: plusIsSpace, encodes: false) != nil
  }

  /// The same from `start` on, up to the first `end`, which stands for itself only where it ends something, or else to the end of `bytes`.
  /// Returns the place of either, or nil.
  public mutating func append(
    percentDecoded bytes: Span<UInt8>, from start: Int, upTo end: UInt8, plusIsSpace: Bool = false
  ) -> Int? {
    append(
      percent: bytes, from: start, upTo: end, decodes: true, plusIsSpace: plusIsSpace,
      encodes: false)
  }

  /// Appends percent-encoded `bytes` in the one canonical form: decoded and encoded again, so that it does not matter which
  /// characters the sender escaped, and in which case. Returns false, and appends nothing, where decoding would.
  public mutating func append(
    percentRecoded bytes: Span<UInt8>, keepingSlashes: Bool = false, plusIsSpace: Bool = false
  ) -> Bool {
    append(
      percent: bytes, decodes: true, plusIsSpace: plusIsSpace, encodes: true,
      keepingSlashes: keepingSlashes) != nil
  }

  /// All of the above, for whom the compiler makes three functions of it. Returns where it stopped, or nil for what is not encoded.
  @inline(always)
  private mutating func append(
    percent bytes: Span<UInt8>, from start: Int = 0, upTo end: UInt8? = nil, decodes: Bool,
    plusIsSpace: Bool = false, encodes: Bool, keepingSlashes: Bool = false
  ) -> Int? {
    var i = start
    var isEncoded = true
    _ = fillRoom { room in
      var filled = 0
      while i < bytes.count, bytes[i] != end {
        var next = i
        guard let byte = bytes.percentByte(at: &next, decodes, plusIsSpace: plusIsSpace) else {
          isEncoded = false
          return 0
        }
        let stays = !encodes || byte.isUnreserved || keepingSlashes && byte == UInt8(ascii: "/")
        guard room.count - filled >= (stays ? 1 : 3) else { break }
        if stays {
          room[filled] = byte
          filled += 1
        } else {
          room[filled] = UInt8(ascii: "%")
          room[filled + 1] = (byte >> 4).upperHexDigit
          room[filled + 2] = (byte & 15).upperHexDigit
          filled += 3
        }
        i = next
      }
      return filled
    }
    guard isEncoded else { return nil }
    // What stopped it was neither an end nor the last byte.
    if i < bytes.count, bytes[i] != end { overflow() }
    return i
  }
}

extension Span<UInt8> {
  /// The byte at `i`, which moves behind it: with `decodes`, the one that is encoded there; nil for a `%` without two hexadecimal digits.
  @inline(always)
  fileprivate func percentByte(at i: inout Int, _ decodes: Bool, plusIsSpace: Bool) -> UInt8? {
    let byte = self[i]
    i += 1
    guard decodes else { return byte }
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
