public import Wire

/// Makes presigned URLs for one bucket: Signature Version 4 in the query, with an unsigned payload
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
///
/// Made once for a configuration and shared by all threads; each brings its own ``Signer``. All that does not change between
/// two URLs is prepared here.
public struct Presigner: Sendable {
  /// What a presigned URL allows.
  public enum Method: Sendable {
    case get, head, put, delete

    /// The first line of a canonical request.
    var line: StaticString {
      switch self {
      case .get: "GET\n"
      case .head: "HEAD\n"
      case .put: "PUT\n"
      case .delete: "DELETE\n"
      }
    }
  }

  /// What came of a request for a URL.
  public enum Outcome: Equatable, Sendable {
    /// The URL was appended; it is good for so many seconds.
    case url(lifetime: Int)
    /// The session of the credentials is over, or so soon that a URL would be of no use to anybody.
    case sessionEnded
    /// There are no credentials yet.
    case noCredentials
    /// A content type holds a control character, so that no client could send it.
    case contentType
    /// The URL does not fit where it should be written.
    case tooLong
  }

  /// Seconds that a URL may live. AWS allows a week, some others a second less.
  public static let lifetimeRange = 1...604_799
  /// Seconds by which a URL ends before its session: the bucket's clock, which judges both, may be ahead of this one.
  public static let sessionMarginSeconds: Int64 = 5
  /// Seconds that a URL must be good for, unless less was asked for: it has to reach the client, who has to reach the bucket.
  public static let usefulSecondsMin = 10

  /// What copies of one presigner have in common, and with no other.
  public var id: ObjectIdentifier { ObjectIdentifier(beforeDay) }
  /// Where the objects are.
  public let endpoint: Endpoint
  /// Who signs.
  public let identity: SigningIdentity
  private let addsACL: Bool
  /// When the last URL must have ended, in seconds since the beginning of 1970; the largest number where none has to.
  private let usableUntil: Int64
  // The pieces of a canonical request that are the same each time, in their order.
  /// From the path to the day: `␊X-Amz-Algorithm=…&X-Amz-Credential=AKIA…%2F`.
  private let beforeDay: FrozenBytes
  /// From the day to the date: `%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=`.
  private let beforeDate: FrozenBytes
  /// From the lifetime to the names of the signed fields: the session token, if there is one, and `&X-Amz-SignedHeaders=`.
  private let beforeNames: FrozenBytes
  /// The last signed field and the line between the fields and their names: `␊host:…␊␊`.
  private let hostLine: FrozenBytes

  /// A presigner for the objects at `endpoint`; with `addsACL`, what is PUT becomes readable for everyone, where ACLs are obeyed.
  public init(_ endpoint: Endpoint, as identity: SigningIdentity, addsACL: Bool = false) {
    self.endpoint = endpoint
    self.identity = identity
    self.addsACL = addsACL
    let credentials = identity.credentials
    usableUntil = Self.end(of: credentials)
    beforeDay = FrozenBytes(
      "\nX-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
        + percentEncoded(credentials.accessKeyID.utf8.span) + "%2F")
    beforeDate = FrozenBytes(percentEncoded(identity.scopeTail.bytes) + "&X-Amz-Date=")
    let token = credentials.sessionToken.map { "&X-Amz-Security-Token=" + percentEncoded($0.bytes) }
    beforeNames = FrozenBytes((token ?? "") + "&X-Amz-SignedHeaders=")
    hostLine = FrozenBytes("\nhost:" + String(copying: endpoint.authority) + "\n\n")
  }

  /// The same, signing with other credentials.
  public func with(_ credentials: Credentials) -> Presigner {
    let identity = SigningIdentity(
      credentials, region: identity.region, service: identity.service)
    return Presigner(endpoint, as: identity, addsACL: addsACL)
  }

  /// When the last URL of these credentials must have ended; before all times where they sign nothing.
  private static func end(of credentials: Credentials) -> Int64 {
    if credentials.isNone { return .min }
    guard let expiresAt = credentials.expiresAt else { return .max }
    let (end, overflow) = expiresAt.subtractingReportingOverflow(sessionMarginSeconds)
    return overflow ? .min : end
  }

  /// Appends a URL to `url` that allows `method` on the object `key` from `now` on, for `lifetime` seconds at most.
  ///
  /// - Parameters:
  ///   - key: what follows the endpoint's path: raw UTF-8, in which `/` separates; or, `encoded`, the same percent-encoded once.
  ///   - contentLength: the exact bytes that a PUT must have; nil leaves them open.
  ///   - contentType: the exact type that a PUT must have; nil leaves it open.
  ///   - responseDisposition: the `Content-Disposition` that a GET shall be answered with; nil leaves it to the bucket.
  ///   - responseType: the `Content-Type` that a GET shall be answered with; nil leaves it to the bucket.
  ///   - lifetime: seconds, brought into ``lifetimeRange``; less where the session ends earlier.
  ///   - now: seconds since the beginning of 1970 in UTC.
  ///   - signer: the calling thread's own.
  /// - Returns: the lifetime that was used, or why there is no URL; then nothing was appended.
  public func presign(
    _ method: Method, key: Span<UInt8>, encoded: Bool = false, contentLength: UInt64? = nil,
    contentType: Span<UInt8>? = nil, responseDisposition: Span<UInt8>? = nil,
    responseType: Span<UInt8>? = nil, lifetime: Int, now: Int64, with signer: inout Signer,
    into url: inout ByteBuffer
  ) -> Outcome {
    guard let lifetime = usable(lifetime, at: now) else {
      return identity.credentials.isNone ? .noCredentials : .sessionEnded
    }
    let date = signer.date(at: now)
    let fields = SignedFields(contentLength: contentLength != nil, contentType: contentType != nil)

    signer.begin()
    signer.text.append(method.line)
    let pathStart = signer.text.count
    signer.text.append(endpoint.path)
    signer.text.append(key: key, encoded: encoded)
    let pathEnd = signer.text.count
    // The query is written in canonical order: `X` before `r` before `x`.
    signer.query.adopt(identity, second: date.unixSeconds, lifetime: lifetime) { text in
      text.append(beforeDay.bytes)
      text.append(date.day)
      text.append(beforeDate.bytes)
      text.append(date.bytes)
      text.append("&X-Amz-Expires=")
      text.append(decimal: UInt64(lifetime))
      text.append(beforeNames.bytes)
    }
    signer.query.append(to: &signer.text)
    signer.text.append(fields.encodedNames)
    if let responseDisposition {
      signer.text.append("&response-content-disposition=")
      signer.text.append(percentEncoded: responseDisposition)
    }
    if let responseType {
      signer.text.append("&response-content-type=")
      signer.text.append(percentEncoded: responseType)
    }
    if addsACL, method == .put { signer.text.append("&x-amz-acl=public-read") }
    let queryEnd = signer.text.count
    if let contentLength {
      signer.text.append("\ncontent-length:")
      signer.text.append(decimal: contentLength)
    }
    if let contentType {
      signer.text.append("\ncontent-type:")
      guard signer.text.append(canonicalValue: contentType) else {
        signer.begin()
        return .contentType
      }
    }
    signer.text.append(hostLine.bytes)
    signer.text.append(fields.lastLines)
    guard let signature = signer.sign(as: identity, on: date) else { return .tooLong }

    let signatureName: StaticString = "&X-Amz-Signature="
    let byteCount =
      endpoint.origin.count + queryEnd - pathStart + signatureName.bytes.count + signature.count
    guard byteCount <= url.room else { return .tooLong }
    url.append(endpoint.origin)
    url.append(signer.text.bytes.extracting(pathStart..<pathEnd))
    url.append("?")
    url.append(signer.text.bytes.extracting(pathEnd + 1..<queryEnd))
    url.append(signatureName)
    url.append(signer.text.bytes[signature])
    return .url(lifetime: lifetime)
  }

  /// Whether there are credentials whose session leaves enough for a URL that is of use, at a time in seconds since the beginning of 1970.
  public func canSign(at now: Int64) -> Bool { usable(Self.usefulSecondsMin, at: now) != nil }

  /// The lifetime that a URL may have, or nil where the session leaves too little.
  private func usable(_ lifetime: Int, at now: Int64) -> Int? {
    let allowed = min(max(lifetime, Self.lifetimeRange.lowerBound), Self.lifetimeRange.upperBound)
    guard usableUntil != .max else { return allowed }
    let (left, overflow) = usableUntil.subtractingReportingOverflow(now)
    guard !overflow, left >= min(allowed, Self.usefulSecondsMin) else { return nil }
    return min(allowed, Int(left))
  }
}

/// Which fields a presigned URL binds the client to, beside `host`.
private struct SignedFields {
  let contentLength: Bool
  let contentType: Bool

  /// Their names, as the query has them.
  var encodedNames: StaticString {
    switch (contentLength, contentType) {
    case (false, false): "host"
    case (true, false): "content-length%3Bhost"
    case (false, true): "content-type%3Bhost"
    case (true, true): "content-length%3Bcontent-type%3Bhost"
    }
  }

  /// Their names and the word for the payload, with which a canonical request ends.
  var lastLines: StaticString {
    switch (contentLength, contentType) {
    case (false, false): "host\nUNSIGNED-PAYLOAD"
    case (true, false): "content-length;host\nUNSIGNED-PAYLOAD"
    case (false, true): "content-type;host\nUNSIGNED-PAYLOAD"
    case (true, true): "content-length;content-type;host\nUNSIGNED-PAYLOAD"
    }
  }
}

/// For what is prepared once.
private func percentEncoded(_ bytes: Span<UInt8>) -> String {
  var buffer = ByteBuffer(capacity: bytes.count * 3 + 1)
  buffer.append(percentEncoded: bytes)
  return String(copying: buffer.bytes)
}
