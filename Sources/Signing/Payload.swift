internal import Wire

/// What a signature says of the body, in `x-amz-content-sha256`.
public enum Payload: Sendable {
  /// Nothing: `UNSIGNED-PAYLOAD`.
  case unsigned
  /// Its SHA-256. Whoever reads the body has to compare.
  case sha256(SHA256.Digest)
  /// The body is in chunks of the coding `aws-chunked`, `STREAMING-…`: each with a signature of its own or not, with trailing fields
  /// or not (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html).
  case chunks(signed: Bool, trailer: Bool)

  /// Reads the value of `x-amz-content-sha256`, or returns nil.
  init?(_ text: Span<UInt8>) {
    if text.equals("UNSIGNED-PAYLOAD") {
      self = .unsigned
    } else if text.equals("STREAMING-AWS4-HMAC-SHA256-PAYLOAD") {
      self = .chunks(signed: true, trailer: false)
    } else if text.equals("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER") {
      self = .chunks(signed: true, trailer: true)
    } else if text.equals("STREAMING-UNSIGNED-PAYLOAD-TRAILER") {
      self = .chunks(signed: false, trailer: true)
    } else {
      guard text.count == 64 else { return nil }
      var digest = SHA256.Digest(repeating: 0)
      for i in digest.indices {
        guard let high = text[2 * i].hexDigitValue, let low = text[2 * i + 1].hexDigitValue
        else { return nil }
        digest[i] = high << 4 | low
      }
      self = .sha256(digest)
    }
  }
}
