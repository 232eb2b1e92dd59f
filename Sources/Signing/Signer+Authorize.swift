internal import Wire

/// A field of a request that a client sends.
public struct SignedField: Equatable, Sendable {
  /// The name, in lower case.
  public let name: String
  /// The value.
  public let value: String

  /// A field.
  public init(_ name: String, _ value: String) {
    self.name = name.lowercased()
    self.value = value
  }
}

extension Signer {
  /// Signs a request that a client is about to send, in the field `Authorization`
  /// (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html). For cold places: it allocates.
  ///
  /// - Parameters:
  ///   - path: the path as it will be sent, percent-encoded.
  ///   - query: the query as it will be sent, percent-encoded; empty where there is none.
  ///   - host: the host as it will be sent, see ``Endpoint/authority``.
  ///   - fields: other fields that will be sent and are to be signed, each name once.
  ///   - payloadHash: the SHA-256 of the body in hexadecimal digits, or a word such as `UNSIGNED-PAYLOAD`.
  ///   - now: seconds since the beginning of 1970 in UTC.
  /// - Returns: the fields to send beside `host` and `fields`, or nil where the request cannot be signed: its path or query is
  ///   not percent-encoded, a value holds a control character, or it is too long.
  public mutating func authorize(
    _ method: String, path: Span<UInt8>, query: Span<UInt8>, host: String,
    fields: [SignedField] = [], payloadHash: String, as identity: SigningIdentity, now: Int64
  ) -> [SignedField]? {
    let date = date(at: now)
    var added = [
      SignedField("x-amz-content-sha256", payloadHash),
      SignedField("x-amz-date", String(copying: date.bytes)),
    ]
    if let token = identity.credentials.sessionToken {
      added.append(SignedField("x-amz-security-token", String(copying: token.bytes)))
    }
    let signed = (fields + added + [SignedField("host", host)]).sorted { $0.name < $1.name }
    let names = signed.map(\.name).joined(separator: ";")

    guard parameters.read(query) == .read, SignedFieldNames(names.utf8.span).isCanonical,
      beginCanonicalRequest(method.utf8.span, path: path)
    else { return nil }
    for field in signed {
      text.append(string: field.name)
      text.append(":")
      guard text.append(canonicalValue: field.value.utf8.span) else { return nil }
      text.append("\n")
    }
    claims.clear()
    endCanonicalRequest(
      signedFields: copied(names.utf8.span), payload: copied(payloadHash.utf8.span))
    guard !claims.overflowed, sign(as: identity, on: date) != nil else { return nil }
    let scope = String(copying: date.day) + String(copying: identity.scopeTail.bytes)
    return added + [
      SignedField(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=\(identity.credentials.accessKeyID)/\(scope), "
          + "SignedHeaders=\(names), Signature=\(String(copying: signature))")
    ]
  }
}
