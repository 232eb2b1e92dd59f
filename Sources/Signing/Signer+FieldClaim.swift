internal import Wire

extension Signer {
  /// Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`, and what belongs to it in other fields.
  mutating func claimOfField(
    _ authorization: ByteRange, _ head: borrowing RequestHead, _ bytes: Span<UInt8>
  ) -> Claim {
    func refused(_ reason: SignatureRefusal.Reason) -> Claim {
      .refused(SignatureRefusal(reason, in: .header, about: authorization))
    }
    let algorithm: StaticString = "AWS4-HMAC-SHA256 "
    guard bytes[authorization].starts(with: algorithm) else { return refused(.mechanism) }
    let list = bytes[authorization].extracting(algorithm.bytes.count...)

    var credential: ByteRange?
    var names: ByteRange?
    var signature: ByteRange?
    var start = 0
    while start <= list.count {
      let end = list.firstIndex(of: UInt8(ascii: ","), from: start) ?? list.count
      let part = list.extracting(start..<end).trimmed
      start = end + 1
      guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return refused(.malformed) }
      let name = part.extracting(..<equals)
      let value = copied(part.extracting((equals + 1)...))
      let isFirst: Bool
      if name.equals("Credential") {
        isFirst = credential == nil
        credential = value
      } else if name.equals("SignedHeaders") {
        isFirst = names == nil
        names = value
      } else if name.equals("Signature") {
        isFirst = signature == nil
        signature = value
      } else {
        return refused(.malformed)
      }
      guard isFirst else { return refused(.repeated) }
    }
    guard let credential, let names, let signature else { return refused(.malformed) }
    guard let parts = CredentialParts(credential, in: claims.bytes) else {
      return refused(.credential)
    }
    guard SignedFieldNames(claims.bytes[names]).isCanonical else { return refused(.signedFields) }
    guard let date = date(head, bytes) else { return refused(.date) }
    let token = copied("x-amz-security-token", of: head, bytes)
    let payload = copied("x-amz-content-sha256", of: head, bytes)
    return .claimed(
      SignatureClaim(
        form: .header, accessKeyID: parts.accessKeyID, day: parts.day, region: parts.region,
        service: parts.service, date: date, lifetime: 0, signedFields: names,
        signature: signature, token: token, payload: payload ?? ByteRange(), subject: authorization)
    )
  }

  /// The time of a request that is signed in a field: `x-amz-date`, or `Date` where that is not sent.
  private func date(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) -> AmzDate? {
    if let value = head.firstValue("x-amz-date", in: bytes) { return AmzDate(bytes[value]) }
    guard let value = head.firstValue("date", in: bytes) else { return nil }
    return CivilTime(imfFixdate: bytes[value]).map { AmzDate(unixSeconds: $0.unixSeconds) }
  }
}
