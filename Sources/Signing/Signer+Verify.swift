public import Wire

/// What a signature turned out to be worth.
public enum Verification: Sendable {
  /// The request is not signed.
  case anonymous
  /// It is signed by this identity, which says this of the payload.
  case accepted(SigningIdentity, Payload)
  /// It is signed, and not to be obeyed.
  case refused(SignatureRefusal)
}

extension Signer {
  /// Seconds that the clocks of client and server may differ.
  static let skewSecondsMax: Int64 = 900

  /// Checks the signature of a request: of a presigned URL, or one in the field `Authorization`.
  ///
  /// The path and the query are decoded and encoded again, since clients re-encode the URLs that they are given; signed fields are
  /// checked as they came. Where the refusal is ``SignatureRefusal/Reason/signature``, the signer's ``canonicalRequest`` and
  /// ``stringToSign`` are what should have been signed.
  ///
  /// - Parameters:
  ///   - head: the head of the request, parsed from `bytes`.
  ///   - now: seconds since the beginning of 1970 in UTC.
  ///   - identity: who has an access key; nil where nobody has. Its region and service are the ones that are accepted.
  public mutating func verify(
    _ head: borrowing RequestHead, in bytes: Span<UInt8>, now: Int64,
    identity lookUp: (Span<UInt8>) -> SigningIdentity?
  ) -> Verification {
    begin()
    let claim: SignatureClaim
    switch readClaim(head, bytes) {
    case .none: return .anonymous
    case .refused(let refusal): return .refused(refusal)
    case .claimed(let found): claim = found
    }
    func refused(
      _ reason: SignatureRefusal.Reason, _ subject: ByteRange = ByteRange()
    ) -> Verification {
      .refused(SignatureRefusal(reason, in: claim.form, about: subject))
    }
    guard let identity = lookUp(claims.bytes[claim.accessKeyID]) else {
      return refused(.unknownKey, claim.subject)
    }
    if let reason = contradiction(in: claim, to: identity, at: now) {
      return refused(reason, claim.subject)
    }
    if let refusal = unsigned(claim, head, bytes) { return .refused(refusal) }

    guard !claim.payload.isEmpty else { return refused(.payloadMissing) }
    guard let payload = Payload(claims.bytes[claim.payload]) else {
      return refused(.payload, head.firstValue("x-amz-content-sha256", in: bytes) ?? ByteRange())
    }
    let own = claim.form == .query ? parameters.places(of: "X-Amz-Signature") : 0..<0
    guard beginCanonicalRequest(bytes[head.methodName], path: bytes[head.path], excluding: own)
    else { return refused(.target, head.path) }
    if let reason = claims.append(fieldsOf: claim, head, bytes, to: &text) {
      return refused(reason)
    }
    endCanonicalRequest(signedFields: claim.signedFields, payload: claim.payload)
    guard let signature = sign(as: identity, on: claim.date) else { return refused(.tooLarge) }
    guard constantTimeEqual(text.bytes[signature], claims.bytes[claim.signature]) else {
      return refused(.signature)
    }
    return .accepted(identity, payload)
  }

  /// What a claim says that cannot be, whatever its signature is.
  private func contradiction(
    in claim: SignatureClaim, to identity: SigningIdentity, at now: Int64
  ) -> SignatureRefusal.Reason? {
    let text = claims.bytes
    guard text[claim.day].equals(claim.date.day) else { return .credentialDay }
    guard text[claim.region].equals(identity.region.utf8.span) else { return .region }
    guard text[claim.service].equals(identity.service.utf8.span) else { return .service }
    let age = now - claim.date.unixSeconds
    switch claim.form {
    case .query where age < -Self.skewSecondsMax: return .notYetValid
    case .query where age > claim.lifetime: return .expired
    case .header where age.magnitude > Self.skewSecondsMax.magnitude: return .skewed
    default: break
    }
    switch (identity.credentials.sessionToken, claim.token) {
    case (nil, nil): break
    case (let token?, let given?) where constantTimeEqual(token.bytes, text[given]): break
    default: return .token
    }
    return identity.credentials.hasEnded(at: now) ? .sessionEnded : nil
  }

  /// Whether a field that has to be signed is not: the host, and each whose name begins with `x-amz-`.
  private func unsigned(
    _ claim: SignatureClaim, _ head: borrowing RequestHead, _ bytes: Span<UInt8>
  ) -> SignatureRefusal? {
    let names = SignedFieldNames(claims.bytes[claim.signedFields])
    guard names.contains(("host" as StaticString).bytes) else {
      return SignatureRefusal(.hostUnsigned, in: claim.form)
    }
    for i in 0..<head.fieldCount {
      let name = bytes[head.fields[i].name]
      guard name.count >= 6, name.extracting(first: 6).equalsIgnoringCase("x-amz-") else {
        continue
      }
      guard names.contains(name) else {
        return SignatureRefusal(.fieldUnsigned, in: claim.form, about: head.fields[i].name)
      }
    }
    return nil
  }
}

extension ByteBuffer {
  /// Appends the lines of the fields that a claim, whose parts are in this buffer, says are signed, as they were received.
  fileprivate func append(
    fieldsOf claim: SignatureClaim, _ head: borrowing RequestHead, _ bytes: Span<UInt8>,
    to text: inout ByteBuffer
  ) -> SignatureRefusal.Reason? {
    let names = SignedFieldNames(self.bytes[claim.signedFields])
    var start = 0
    while start < names.text.count {
      let name = names.text.extracting(start..<names.end(from: start))
      start += name.count + 1
      text.append(name)
      var isSent = false
      // A field that is sent several times is one with all the values (RFC 9110 §5.3).
      for i in 0..<head.fieldCount where bytes[head.fields[i].name].spells(name) {
        text.append(isSent ? "," : ":")
        isSent = true
        guard text.append(canonicalValue: bytes[head.fields[i].value]) else { return .signedFields }
      }
      guard isSent else { return .fieldMissing }
      text.append("\n")
    }
    return nil
  }
}
