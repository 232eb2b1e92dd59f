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
  /// What one of S3's checksums is said to be; nil for its bytes where they come behind the body.
  let checksum: (kind: Checksum, digest: [UInt8]?)?

  /// Reads what is said of the body of a request whose signature says `payload`. Throws where the length is missing or more than
  /// `sizeMax`, or a hash is none. Where a request that has checksums speaks of something else than its body, it `hasChecksum` not.
  init(
    _ fields: RequestFields, _ payload: Payload, sizeMax: UInt64, hasChecksum: Bool = true
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
    checksum = hasChecksum ? try Self.checksum(fields, payload) : nil
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

  private static func checksum(
    _ fields: RequestFields, _ payload: Payload
  ) throws(S3Error) -> (kind: Checksum, digest: [UInt8]?)? {
    var found: (kind: Checksum, digest: [UInt8]?)?
    for kind in Checksum.allCases {
      guard let value = fields[bytes: kind.field] else { continue }
      guard found == nil else {
        throw S3Error(
          .invalidRequest,
          "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
      }
      found = (kind, try kind.read(value.span))
    }
    guard found == nil, case .chunks(_, trailer: true) = payload else { return found }
    let names = fields.list("x-amz-trailer").map { $0.lowercased() }
    return Checksum.allCases.first { names.contains($0.field) }.map { ($0, nil) }
  }

  /// The checksum that stands behind a body in chunks, where it was to stand there.
  func trailingChecksum(in chunks: borrowing ChunkedPayload?) throws(S3Error) -> [UInt8]? {
    guard let (kind, digest) = checksum, digest == nil else { return nil }
    guard let value = chunks?.trailing(kind.field) else {
      throw S3Error(.malformedTrailer, "The trailing field \(kind.field) is missing.")
    }
    return try kind.read(value.span)
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
