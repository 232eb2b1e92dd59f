public import Signing
internal import Wire

/// Does to a bucket what its access key allows: objects put, got, listed and deleted, and the bucket's own settings. All requests are
/// signed in their head (Signature Version 4), bodies included.
///
/// Keys are those below the path of the bucket's URL, as UTF-8. Every call waits for its answer: for a thread that may.
public struct S3Client: Sendable {
  /// Where the bucket is.
  public let address: BucketAddress
  private let endpoint: Endpoint
  private let identity: SigningIdentity
  private let transport: Transport
  private let caFile: String?

  /// A client for the bucket at `endpoint`.
  public init(
    _ endpoint: Endpoint, as identity: SigningIdentity, over transport: Transport, caFile: String?
  ) {
    self.endpoint = endpoint
    self.identity = identity
    self.transport = transport
    self.caFile = caFile
    address = BucketAddress(endpoint)
  }

  // MARK: - Objects

  /// Stores an object (PutObject).
  public func put(
    _ key: String, _ body: [UInt8], contentType: String = "application/octet-stream"
  ) throws(S3Failure) {
    _ = try send(
      .put, path: path(of: key), body: body, fields: [SignedField("content-type", contentType)])
  }

  /// The bytes of an object (GetObject), `bytesMax` of them at most.
  public func get(_ key: String, bytesMax: Int = 1_048_576) throws(S3Failure) -> [UInt8] {
    try send(.get, path: path(of: key), answerBytesMax: bytesMax).body
  }

  /// The fields that a GET of an object would be answered with (HeadObject).
  public func head(_ key: String) throws(S3Failure) -> [HTTPField] {
    try send(.head, path: path(of: key)).fields
  }

  /// Deletes an object (DeleteObject); one that is not there is deleted already.
  public func delete(_ key: String) throws(S3Failure) {
    _ = try send(.delete, path: path(of: key))
  }

  private func path(of key: String) -> String {
    let base = String(copying: endpoint.path)
    return (base.hasSuffix("/") ? base : base + "/") + key.percentEncodedPath
  }

  // MARK: - The bucket

  /// The document of one of the bucket's settings, such as `policy`, `cors` or `lifecycle`, in the place of which `wanted` would go; nil
  /// where it has none.
  public func current(
    _ setting: String, like wanted: BucketDocument
  ) throws(S3Failure) -> [UInt8]? {
    do throws(S3Failure) {
      let body = try send(.get, path: address.bucketPath, query: "\(setting)=").body
      // Some servers pass over a setting that they do not know, and list the bucket.
      guard wanted.isOfKind(of: body) else { throw .malformed }
      return body
    } catch {
      let none = [
        "NoSuchBucketPolicy", "NoSuchCORSConfiguration", "NoSuchLifecycleConfiguration",
      ]
      if case .refused(let response) = error, none.contains(S3Error(response).code) { return nil }
      throw error
    }
  }

  /// Replaces one of the bucket's settings with a document.
  public func set(_ setting: String, _ document: String, contentType: String) throws(S3Failure) {
    let body = Array(document.utf8)
    _ = try send(
      .put, path: address.bucketPath, query: "\(setting)=", body: body,
      // Settings need their hash twice: servers that check only one check this one.
      fields: [
        SignedField("content-md5", body.contentMD5), SignedField("content-type", contentType),
      ])
  }

  // MARK: - Requests

  func send(
    _ method: HTTPRequest.Method, path: String, query: String = "", body: [UInt8]? = nil,
    fields: [SignedField] = [], answerBytesMax: Int = 1_048_576
  ) throws(S3Failure) -> HTTPResponse {
    let target = path + (query.isEmpty ? "" : "?\(query)")
    var request = HTTPRequest(method, address.origin + target)
    request.body = body
    request.caFile = caFile
    request.answerBytesMax = answerBytesMax
    var signer = Signer(identities: 1)
    guard
      let signature = signer.authorize(
        method.rawValue, path: path.utf8.span, query: query.utf8.span, host: address.authority,
        fields: fields, payloadHash: (body ?? []).hexSHA256, as: identity,
        now: WallClock.unixSeconds)
    else {
      throw .transfer(TransferError(.malformedURL, host: address.authority, detail: ""))
    }
    request.fields = (fields + signature).map { HTTPField($0.name, $0.value) }
    let response: HTTPResponse
    do throws(TransferError) {
      response = try transport.send(request)
    } catch {
      throw .transfer(error)
    }
    guard response.isSuccess else { throw .refused(response) }
    return response
  }
}

extension [UInt8] {
  /// The SHA-256 in hexadecimal digits, as `x-amz-content-sha256` has it.
  fileprivate var hexSHA256: String {
    var text = ByteBuffer(capacity: 64)
    text.append(hex: SHA256.digest(of: span).span)
    return String(copying: text.bytes)
  }

  /// The MD5 in Base64, as `Content-MD5` has it (RFC 1864).
  var contentMD5: String {
    var hash = MD5()
    hash.update(span)
    var text = ByteBuffer(capacity: 32)
    text.append(base64: hash.finish().span)
    return String(copying: text.bytes)
  }
}
