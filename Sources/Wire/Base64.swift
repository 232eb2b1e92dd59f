extension ByteBuffer {
  /// Appends what `text` stands for in Base64 (RFC 4648 §4), with its padding or without any. Returns false, and appends nothing,
  /// where it is none.
  public mutating func append(base64Decoded text: Span<UInt8>) -> Bool {
    let start = count
    var end = text.count
    while end > 0, text.count - end < 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
    guard end == text.count || text.count % 4 == 0 else { return false }
    var bits: UInt32 = 0
    var held = 0
    for i in 0..<end {
      guard let digit = text[i].base64DigitValue else {
        truncate(to: start)
        return false
      }
      bits = bits << 6 | UInt32(digit)
      held += 6
      if held >= 8 {
        held -= 8
        append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    // One digit alone is less than a byte.
    guard held < 6 else {
      truncate(to: start)
      return false
    }
    return true
  }

  /// Appends `bytes` in Base64 (RFC 4648 §4), padded.
  public mutating func append(base64 bytes: Span<UInt8>) {
    let digits =
      ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" as StaticString).bytes
    var at = 0
    while at < bytes.count {
      let left = min(bytes.count - at, 3)
      var bits: UInt32 = 0
      for i in 0..<3 { bits = bits << 8 | (i < left ? UInt32(bytes[at + i]) : 0) }
      for i in 0..<4 {
        append(i <= left ? digits[Int(bits >> UInt32(18 - 6 * i) & 63)] : UInt8(ascii: "="))
      }
      at += 3
    }
  }
}

extension UInt8 {
  fileprivate var base64DigitValue: UInt8? {
    switch self {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): self &- 0x41
    case UInt8(ascii: "a")...UInt8(ascii: "z"): self &- 0x61 &+ 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self &- 0x30 &+ 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
