internal import Signing
internal import Wire

/// What a body hashes to, computed as it comes and compared with what was said of it.
struct BodyDigest: Sendable {
  private let claims: BodyClaims
  private var md5 = MD5()
  /// Only what something was said of.
  private var sha256: SHA256?
  private var checksum: Checksum.State?

  init(_ claims: BodyClaims) {
    self.claims = claims
    sha256 = claims.sha256 == nil ? nil : SHA256()
    checksum = claims.checksum.map { Checksum.State($0.kind) }
  }

  /// Takes in the next piece of the body.
  mutating func update(_ bytes: Span<UInt8>) {
    md5.update(bytes)
    sha256?.update(bytes)
    checksum?.update(bytes)
  }

  /// Ends it. Throws where the body is not what it was said to be, by its head or by the checksum that stood behind it.
  mutating func finish(trailing: [UInt8]?) throws(S3Error) -> ETag {
    let etag = ETag(md5.finish())
    if let md5 = claims.md5, md5 != etag.digest {
      throw S3Error(.badDigest, "The Content-MD5 you specified did not match what we received.")
        .with("ExpectedDigest", base64: md5).with("CalculatedDigest", base64: etag.digest)
    }
    if let said = claims.sha256, let digest = sha256?.finish(), said != Array(copying: digest.span)
    {
      throw S3Error(
        .contentSHA256Mismatch,
        "The provided 'x-amz-content-sha256' header does not match what was computed."
      )
      .with("ClientComputedContentSHA256", hex: said)
      .with("S3ComputedContentSHA256", hex: Array(copying: digest.span))
    }
    if let (kind, said) = claims.checksum, let found = checksum?.finish(), found != said ?? trailing
    {
      throw S3Error(
        .badDigest,
        "The \(kind.rawValue.uppercased()) you specified did not match the calculated checksum.")
    }
    return etag
  }
}
