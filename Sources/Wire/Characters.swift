extension UInt8 {
  static let tab: UInt8 = 0x09
  static let lf: UInt8 = 0x0A
  static let cr: UInt8 = 0x0D
  static let space: UInt8 = 0x20

  /// Whether this byte may stand in a token (RFC 9110 §5.6.2).
  @inlinable public var isTokenCharacter: Bool {
    // One bit a character: `!#$%&'*+-.0-9A-Z^_`a-z|~`.
    let row: UInt64 = self < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
    return self < 128 && (row >> UInt64(self & 63)) & 1 == 1
  }

  /// Whether this byte may stand in a field value: visible, white space, or beyond ASCII (RFC 9110 §5.5).
  @inlinable public var isFieldValueCharacter: Bool {
    self >= 0x20 ? self != 0x7F : self == 0x09
  }
}

extension Span<UInt8> {
  /// The place of the first byte at or after `start` that may not stand in a request target, or the end. A target is visible ASCII without
  /// `#`, which begins what is never sent (RFC 9112 §3.2).
  ///
  /// Some characters that URIs forbid (`|`, `"`, `[` …) are let through: clients send them, and nobody reads them differently.
  func endOfTarget(from start: Int) -> Int {
    firstPlace(from: start) {
      $0.marks(below: 0x21) | $0.marks(of: 0x7F) | $0.marks(of: UInt8(ascii: "#"))
        | $0.marksBeyondASCII
    }
  }

  /// The place of the first byte at or after `start` that may not stand in a field value, or the end (RFC 9110 §5.5).
  func endOfFieldValue(from start: Int) -> Int {
    var at = start
    while true {
      at = firstPlace(from: at) { $0.marks(below: 0x20) | $0.marks(of: 0x7F) }
      guard at < count, self[at].isFieldValueCharacter else { return at }
      at += 1
    }
  }

  /// These bytes without optional white space around them (RFC 9110 §5.6.3).
  public var trimmed: Span<UInt8> {
    @_lifetime(copy self)
    get {
      var start = 0
      var end = count
      while start < end, self[start] == .space || self[start] == .tab { start += 1 }
      while end > start, self[end - 1] == .space || self[end - 1] == .tab { end -= 1 }
      return extracting(start..<end)
    }
  }

  /// Whether these bytes are a host with an optional port (RFC 9110 §7.2), or nothing: `a.example:80`, `[::1]`.
  ///
  /// No user information, no white space, no second colon outside brackets: what another reader could take apart differently.
  /// A port without a host is none either (RFC 9110 §4.2.1).
  public var isAuthority: Bool {
    var at = 0
    if count > 0, self[0] == UInt8(ascii: "[") {
      guard let close = firstIndex(of: UInt8(ascii: "]")), close > 1 else { return false }
      for i in 1..<close {
        let byte = self[i]
        guard byte.hexDigitValue != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
        else { return false }
      }
      at = close + 1
    } else {
      while at < count, self[at].isHostCharacter { at += 1 }
    }
    guard at < count else { return true }
    guard self[at] == UInt8(ascii: ":"), at > 0, count - at <= 6 else { return false }
    at += 1
    while at < count, self[at].isDigit { at += 1 }
    return at == count
  }
}

extension UInt8 {
  /// Whether this byte may stand in a registered name (RFC 3986 §3.2.2).
  var isHostCharacter: Bool {
    // One bit a character: `!$%&'()*+-.0-9;=A-Z_a-z~`.
    let row: UInt64 = self < 64 ? 0x2BFF_6FF2_0000_0000 : 0x47FF_FFFE_87FF_FFFE
    return self < 128 && (row >> UInt64(self & 63)) & 1 == 1
  }
}
