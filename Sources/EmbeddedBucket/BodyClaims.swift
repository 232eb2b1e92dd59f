internal import Signing
internal import Wire

/// What a request says of its own body: how long it is, how it is coded, and what it hashes to.
struct BodyClaims: Sendable {
  /// Bytes of the body, without any coding.
  let size: UInt64
  /// Whether it is in the coding `aws-chunked`.
  let isChunked: Bool
  /// The SHA-256 that the signature covers, where it covers one.
  let sha256: [UInt8]?
  /// What `Content-MD5` says.
  let md5: [UInt8]?

  /// Reads what is said of the body of a request whose signature says `payload`. Throws where the length is missing or more than
  /// `sizeMax`, or a hash is none.
  init(
    _ fields: RequestFields, _ payload: Payload, sizeMax: UInt64
  ) throws(S3Error) {
    let length: String?
    switch payload {
    case .unsigned: (isChunked, sha256, length) = (false, nil, fields["content-length"])
    case .sha256(let digest):
      (isChunked, sha256) = (false, Array(copying: digest.span))
      length = fields["content-length"]
    case .chunks: (isChunked, sha256, length) = (true, nil, fields["x-amz-decoded-content-length"])
    }
    // A body in pieces is something that S3 knows and does not take; no word of a body at all is another thing.
    guard length != nil || !fields.has("transfer-encoding") else {
      throw .headerNotImplemented("Transfer-Encoding")
    }
    guard let length else {
      throw S3Error(
        .missingContentLength,
        isChunked
          ? "You must provide the x-amz-decoded-content-length HTTP header."
          : "You must provide the Content-Length HTTP header.")
    }
    guard let size = UInt64(decimal: length.utf8.span) else {
      throw S3Error(.invalidArgument, "x-amz-decoded-content-length must be a number.")
    }
    guard size <= sizeMax else { throw .entityTooLarge(size, sizeMax) }
    self.size = size
    md5 = try Self.md5(fields)
  }

  private static func md5(_ fields: RequestFields) throws(S3Error) -> [UInt8]? {
    guard let text = fields[bytes: "content-md5"] else { return nil }
    var digest = ByteBuffer(capacity: max(text.count, 1))
    guard digest.append(base64Decoded: text.span), digest.count == 16 else {
      throw S3Error(.invalidDigest, "The Content-MD5 you specified was invalid.")
        .with("Content-MD5", text)
    }
    return Array(copying: digest.bytes)
  }

  /// Throws where the body is not what it was said to be; hashes that nothing was said of are not looked at.
  func check(md5 found: [UInt8], sha256 foundSHA256: [UInt8]?) throws(S3Error) {
    if let md5, md5 != found {
      throw S3Error(.badDigest, "The Content-MD5 you specified did not match what we received.")
        .with("ExpectedDigest", base64: md5).with("CalculatedDigest", base64: found)
    }
    if let sha256, let foundSHA256, sha256 != foundSHA256 {
      throw S3Error(
        .contentSHA256Mismatch,
        "The provided 'x-amz-content-sha256' header does not match what was computed."
      )
      .with("ClientComputedContentSHA256", hex: sha256)
      .with("S3ComputedContentSHA256", hex: foundSHA256)
    }
  }
}

extension S3Error {
  /// For a body, or all parts together, of so many bytes.
  static func entityTooLarge(_ size: UInt64, _ sizeMax: UInt64) -> S3Error {
    S3Error(.entityTooLarge, "Your proposed upload exceeds the maximum allowed size")
      .with("ProposedSize", String(size)).with("MaxSizeAllowed", String(sizeMax))
  }

  /// For a body that is not as long as it was said to be, or is not coded as it was said to be.
  static let incompleteBody = S3Error(
    .incompleteBody,
    "You did not provide the number of bytes specified by the Content-Length HTTP header.")
}
