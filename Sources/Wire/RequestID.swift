/// What a request is called in the log, so that it can be found in the logs of others, too: the caller's own name for it
/// (`X-Request-Id`), or that of the trace it belongs to (W3C Trace Context), or one that was made up.
///
/// A value without references: it is copied from request to answer.
public struct RequestID: Sendable {
  private var text = [64 of UInt8](repeating: 0)
  private var count = 0

  /// No name yet.
  public init() {}

  /// The name.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.span.extracting(first: count) }
  }

  /// Whether there is none.
  public var isEmpty: Bool { count == 0 }

  /// Takes over an `X-Request-Id`: 1 to 64 letters, digits and `-._~:+/=`; returns whether it is one.
  ///
  /// ```
  /// ✅ 7b1f0c52-5f0e-4a3b-9a53-0c7f6e1a2b3c
  /// ❌ romeo@montague.example     an @, because what is logged must not name a person
  /// ```
  public mutating func set(_ value: Span<UInt8>) -> Bool {
    guard !value.isEmpty, value.count <= text.count else { return false }
    for i in value.indices where !value[i].isRequestIDCharacter { return false }
    for i in value.indices { text[i] = value[i] }
    count = value.count
    return true
  }

  /// Takes a number as the name, in 16 hexadecimal digits.
  public mutating func set(number: UInt64) {
    for half in 0..<2 {
      let digits = UInt32(truncatingIfNeeded: number.byteSwapped >> UInt64(32 * half))
        .lowerHexDigits
      for i in 0..<8 { text[8 * half + i] = UInt8(truncatingIfNeeded: digits >> UInt64(8 * i)) }
    }
    count = 16
  }

  /// Takes over the trace's identifier from a `traceparent` (W3C Trace Context §3.2); returns whether it is one.
  ///
  /// ```
  /// ✅ 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
  /// ❌ 00-00000000000000000000000000000000-00f067aa0ba902b7-01     all zeros say that there is none
  /// ```
  public mutating func set(traceparent value: Span<UInt8>) -> Bool {
    // Later versions may have more behind the flags, after another dash.
    guard value.count >= 55, value[2] == 0x2D, value[35] == 0x2D, value[52] == 0x2D,
      value.isLowerHex(0..<2), value.isLowerHex(3..<35), value.isLowerHex(36..<52),
      value.isLowerHex(53..<55), !value.extracting(first: 2).equals("ff"),
      value.count == 55 || (value[55] == 0x2D && !value.extracting(first: 2).equals("00")),
      !value.isZeros(3..<35), !value.isZeros(36..<52)
    else { return false }
    return set(value.extracting(3..<35))
  }
}

extension UInt8 {
  fileprivate var isRequestIDCharacter: Bool {
    if isDigit || asciiLowercased &- 0x61 < 26 { return true }
    switch self {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
      UInt8(ascii: ":"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
      return true
    default: return false
    }
  }
}

extension Span<UInt8> {
  fileprivate func isLowerHex(_ range: Range<Int>) -> Bool {
    range.allSatisfy { self[$0].hexDigitValue != nil && self[$0] == self[$0].asciiLowercased }
  }

  fileprivate func isZeros(_ range: Range<Int>) -> Bool {
    range.allSatisfy { self[$0] == UInt8(ascii: "0") }
  }
}
