public import Wire

/// Why a signed request is not accepted: the code and the status that S3 answers with, and what differed
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
public struct SignatureRefusal: Equatable, Sendable {
  /// Where the signature stands.
  public enum Form: Sendable {
    /// In the query: a presigned URL.
    case query
    /// In the field `Authorization`.
    case header
  }

  /// What differed.
  public enum Reason: Equatable, Sendable {
    case mechanisms
    case mechanism
    case malformed
    case repeated
    case algorithm
    case credential
    case credentialDay
    case region
    case service
    case date
    case lifetime
    case signedFields
    case unknownKey
    case token
    case sessionEnded
    case notYetValid
    case expired
    case skewed
    case hostUnsigned
    case fieldUnsigned
    case fieldMissing
    case payloadMissing
    case payload
    case target
    case tooLarge
    case signature
  }

  /// What differed.
  public let reason: Reason
  /// Where the signature stands.
  public let form: Form
  /// The bytes of the request head that the reason is about, as they were sent; empty where it is about none.
  public let subject: ByteRange

  init(_ reason: Reason, in form: Form, about subject: ByteRange = ByteRange()) {
    self.reason = reason
    self.form = form
    self.subject = subject
  }

  /// The status to answer with.
  public var status: Status {
    switch reason {
    case .unknownKey, .notYetValid, .expired, .skewed, .hostUnsigned, .fieldUnsigned, .fieldMissing,
      .signature:
      .forbidden
    case .date where form == .header: .forbidden
    default: .badRequest
    }
  }

  /// S3's name for the error.
  public var code: StaticString {
    switch reason {
    case .mechanisms, .payload: "InvalidArgument"
    case .mechanism, .payloadMissing: "InvalidRequest"
    case .unknownKey: "InvalidAccessKeyId"
    case .token: "InvalidToken"
    case .sessionEnded: "ExpiredToken"
    case .notYetValid, .expired, .hostUnsigned, .fieldUnsigned: "AccessDenied"
    case .skewed: "RequestTimeTooSkewed"
    case .fieldMissing, .signature: "SignatureDoesNotMatch"
    case .target: "InvalidURI"
    case .tooLarge: "RequestHeaderSectionTooLarge"
    case .date where form == .header: "AccessDenied"
    case .malformed, .repeated, .algorithm, .credential, .credentialDay, .region, .service, .date,
      .lifetime, .signedFields:
      form == .query ? "AuthorizationQueryParametersError" : "AuthorizationHeaderMalformed"
    }
  }

  /// What is wrong, in one sentence.
  public var sentence: StaticString {
    switch reason {
    case .mechanisms: "Only one signature is allowed: in the query or in the Authorization field."
    case .mechanism: "The only signatures known here are those of AWS4-HMAC-SHA256."
    case .malformed:
      form == .query
        ? "A presigned URL needs X-Amz-Algorithm, X-Amz-Credential, X-Amz-Date, X-Amz-Expires, X-Amz-SignedHeaders and X-Amz-Signature."
        : "The Authorization field needs Credential, SignedHeaders and Signature, with commas between them, and nothing else."
    case .repeated: "A part of the signature is there twice."
    case .algorithm: "The only algorithm known here is AWS4-HMAC-SHA256."
    case .credential:
      "The credential must be an access key, the day, the region, the service and aws4_request, with slashes between them."
    case .credentialDay: "The day of the credential must be the day of the date that is signed."
    case .region: "The credential is for another region than this one."
    case .service: "The credential is for another service than this one."
    case .date:
      form == .query
        ? "X-Amz-Date must be a time like 20261121T101112Z."
        : "A signed request needs the time in x-amz-date, like 20261121T101112Z, or in Date."
    case .lifetime: "X-Amz-Expires must be a number of seconds from 1 to 604800, which is a week."
    case .signedFields:
      "The names of the signed fields must be in lower case, each once, in the order of the alphabet, with semicolons between them."
    case .unknownKey: "The access key is not known here."
    case .token: "The session token is not the one of this access key."
    case .sessionEnded: "The session of the access key has ended."
    case .notYetValid: "Request is not yet valid."
    case .expired: "Request has expired."
    case .skewed:
      "The time of the request is more than 15 minutes away from the time of this server."
    case .hostUnsigned: "The Host field must be among the signed fields."
    case .fieldUnsigned:
      "A field that begins with x-amz- was sent, but is not among the signed fields."
    case .fieldMissing: "A field is among the signed fields, but was not sent."
    case .payloadMissing: "A signed request needs the field x-amz-content-sha256."
    case .payload:
      "x-amz-content-sha256 must be a SHA-256 in hexadecimal digits, UNSIGNED-PAYLOAD, or one of the STREAMING- words known here."
    case .target: "The path and the query of the URL must be percent-encoded."
    case .tooLarge: "The request is too large to verify its signature."
    case .signature:
      "The signature is not the one calculated here: the secret key, the method, the path, the query or a signed field differs."
    }
  }
}
