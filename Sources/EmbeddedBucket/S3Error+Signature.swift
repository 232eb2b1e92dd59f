internal import Signing
internal import Wire

extension S3Error {
  /// What S3 says of a signature that is not accepted: beside the message, all that helps to find the difference.
  init(
    _ refusal: SignatureRefusal, subject: Span<UInt8>, _ signer: borrowing Signer,
    _ identity: SigningIdentity, now: Int64
  ) {
    let error = S3Error(
      Code(refusal.code, refusal.status), refusal.sentence.description)
    let subject = Array(copying: subject)
    self =
      switch refusal.reason {
      case .signature:
        error.with("AWSAccessKeyId", identity.credentials.accessKeyID)
          .with("StringToSign", Array(copying: signer.stringToSign))
          .with("CanonicalRequest", Array(copying: signer.canonicalRequest))
      case .fieldUnsigned: error.with("HeadersNotSigned", subject)
      case .unknownKey: error.with("AWSAccessKeyId", subject)
      case .region: error.with("Region", identity.region)
      case .expired, .notYetValid: error.with("ServerTime", S3Error.time(now))
      case .skewed:
        error.with("ServerTime", S3Error.time(now)).with("MaxAllowedSkewMilliseconds", "900000")
      default: error
      }
  }

  private static func time(_ unixSeconds: Int64) -> String {
    var text = ByteBuffer(capacity: 32)
    text.append(rfc3339: CivilTime(unixSeconds: unixSeconds))
    return String(copying: text.bytes)
  }
}

extension S3Error {
  /// What S3 says of what is no request.
  init(_ refusal: Refusal) {
    let code: Code =
      switch refusal {
      case .target, .targetTooLong: Code("InvalidURI", refusal.status)
      case .headTimeout, .bodyTimeout: .requestTimeout
      case .bodyTooLarge: Code("MaxMessageLengthExceeded", .badRequest)
      case .fieldsTooMany, .headTooLarge:
        Code("RequestHeaderSectionTooLarge", .badRequest)
      case .bodyIncomplete: .incompleteBody
      case .transferEncodingUnsupported, .connectMethod: .notImplemented
      default: Code("InvalidRequest", refusal.status)
      }
    self.init(code, refusal.sentence.description)
  }

  static let methodNotAllowed = S3Error(
    .methodNotAllowed, "The specified method is not allowed against this resource.")
}
