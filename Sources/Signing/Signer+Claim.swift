internal import Wire

extension Signer {
  /// What a request says of its signature.
  enum Claim {
    /// Nothing: it is not signed.
    case none
    case claimed(SignatureClaim)
    case refused(SignatureRefusal)
  }

  /// Finds the signature of a request; leaves the parameters of its query in ``parameters``.
  mutating func readClaim(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) -> Claim {
    claims.clear()
    let isRead = parameters.read(bytes[head.query])
    var authorization: ByteRange?
    for i in 0..<head.fieldCount
    where bytes[head.fields[i].name].equalsIgnoringCase("authorization") {
      guard authorization == nil else {
        return .refused(SignatureRefusal(.repeated, in: .header, about: head.fields[i].value))
      }
      authorization = head.fields[i].value
    }
    let form: SignatureRefusal.Form = authorization == nil ? .query : .header
    switch isRead {
    case .read: break
    case .malformed: return .refused(SignatureRefusal(.target, in: form, about: head.query))
    case .tooMany: return .refused(SignatureRefusal(.tooLarge, in: form, about: head.query))
    }
    let isPresigned =
      !parameters.places(of: "X-Amz-Algorithm").isEmpty
      || !parameters.places(of: "X-Amz-Credential").isEmpty
      || !parameters.places(of: "X-Amz-Signature").isEmpty
    guard let authorization else {
      if isPresigned { return claimOfQuery(head, bytes) }
      // Version 2 signs as `?AWSAccessKeyId=…&Signature=…&Expires=…`.
      return parameters.places(of: "AWSAccessKeyId").isEmpty
        ? .none : .refused(SignatureRefusal(.mechanism, in: .query))
    }
    guard !isPresigned else {
      return .refused(SignatureRefusal(.mechanisms, in: .header, about: authorization))
    }
    return claimOfField(authorization, head, bytes)
  }

  // MARK: - In the query

  private mutating func claimOfQuery(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>
  ) -> Claim {
    let (algorithm, credential) = (
      parameters.single("X-Amz-Algorithm"), parameters.single("X-Amz-Credential")
    )
    let (date, lifetime) = (parameters.single("X-Amz-Date"), parameters.single("X-Amz-Expires"))
    let (fields, signature) = (
      parameters.single("X-Amz-SignedHeaders"), parameters.single("X-Amz-Signature")
    )
    let (token, hash) = (
      parameters.single("X-Amz-Security-Token"), parameters.single("X-Amz-Content-Sha256")
    )
    if let repeated = parameters.repeated { return refused(.repeated, head, repeated) }
    guard let algorithm, let credential, let date, let lifetime, let fields, let signature else {
      return .refused(SignatureRefusal(.malformed, in: .query))
    }
    guard parameters.text.bytes[parameters[algorithm].value].equals("AWS4-HMAC-SHA256") else {
      return refused(.algorithm, head, parameters[algorithm].raw)
    }
    let parts = decoded(credential).flatMap { CredentialParts($0, in: claims.bytes) }
    guard let parts else { return refused(.credential, head, parameters[credential].raw) }
    guard let time = AmzDate(parameters.text.bytes[parameters[date].value]) else {
      return refused(.date, head, parameters[date].raw)
    }
    guard let seconds = UInt64(decimal: parameters.text.bytes[parameters[lifetime].value]),
      1...604_800 ~= seconds
    else { return refused(.lifetime, head, parameters[lifetime].raw) }
    guard let names = decoded(fields), SignedFieldNames(claims.bytes[names]).isCanonical else {
      return refused(.signedFields, head, parameters[fields].raw)
    }
    guard let code = decoded(signature) else {
      return refused(.malformed, head, parameters[signature].raw)
    }
    // A presigned URL that says nothing of the payload means that it is not signed.
    let payload =
      hash.flatMap { decoded($0) } ?? copied("x-amz-content-sha256", of: head, bytes)
      ?? copied(("UNSIGNED-PAYLOAD" as StaticString).bytes)
    return .claimed(
      SignatureClaim(
        form: .query, accessKeyID: parts.accessKeyID, day: parts.day, region: parts.region,
        service: parts.service, date: time, lifetime: Int64(seconds), signedFields: names,
        signature: code, token: token.flatMap { decoded($0) },
        payload: payload,
        subject: place(parameters[credential].raw, head)))
  }

  /// The decoded value of a parameter, put behind the other claims.
  private mutating func decoded(_ place: Int) -> ByteRange? {
    parameters.append(valueAt: place, to: &claims)
  }

  private func refused(
    _ reason: SignatureRefusal.Reason, _ head: borrowing RequestHead, _ raw: ByteRange
  ) -> Claim {
    .refused(SignatureRefusal(reason, in: .query, about: place(raw, head)))
  }

  /// A place in the query as a place in the head.
  private func place(_ raw: ByteRange, _ head: borrowing RequestHead) -> ByteRange {
    ByteRange(Int(head.query.lower + raw.lower), Int(head.query.lower + raw.upper))
  }

  // MARK: - Copies

  /// A copy behind the other claims, which have room for a whole head.
  mutating func copied(_ value: Span<UInt8>) -> ByteRange {
    let start = claims.count
    claims.append(value)
    return ByteRange(start, claims.count)
  }

  /// A copy of a field's value, or nil where it was not sent.
  mutating func copied(
    _ name: StaticString, of head: borrowing RequestHead, _ bytes: Span<UInt8>
  ) -> ByteRange? {
    guard let value = head.firstValue(name, in: bytes) else { return nil }
    return copied(bytes[value])
  }
}
