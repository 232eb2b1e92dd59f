internal import Signing
internal import Wire

/// What S3 calls the entity tag of an object: the MD5 of its content; of an object uploaded in parts, the MD5 of their MD5s, a
/// hyphen and how many they were.
struct ETag: Equatable, Sendable {
  /// The MD5 as two numbers, most significant byte first; inline arrays cannot be compared yet.
  let high: UInt64
  let low: UInt64
  /// 0 for an object that was uploaded whole.
  let parts: UInt32

  init(high: UInt64, low: UInt64, parts: UInt32) {
    self.high = high
    self.low = low
    self.parts = parts
  }

  init(_ digest: MD5.Digest, parts: UInt32 = 0) {
    var words: (UInt64, UInt64) = (0, 0)
    for i in 0..<8 {
      words.0 = words.0 << 8 | UInt64(digest[i])
      words.1 = words.1 << 8 | UInt64(digest[i + 8])
    }
    self.init(high: words.0, low: words.1, parts: parts)
  }

  /// The 16 bytes of the MD5.
  var digest: [UInt8] {
    (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> UInt64(56 - $0 % 8 * 8)) }
  }

  /// The tag without quotes: `9bb58f26192e4ba00f01e2e7b136bbd8`, `…-3`.
  var text: String {
    var buffer = ByteBuffer(capacity: 48)
    buffer.append(hex: digest.span)
    if parts > 0 {
      buffer.append(UInt8(ascii: "-"))
      buffer.append(decimal: UInt64(parts))
    }
    return String(copying: buffer.bytes)
  }

  /// The tag as a field has it (RFC 9110 §8.8.3).
  var quoted: String { "\"\(text)\"" }
}
