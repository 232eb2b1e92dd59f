public import Reactor
internal import Signing
public import Wire

/// Serves a ``Store`` as an S3 bucket, path-style: `/bucket/key`
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html).
///
/// Each worker has one of its own. Nothing here waits for the disk to write: what has to is done by the store's threads, and answered
/// by a sink.
public final class BucketService: Service {
  /// What the bucket is called, and who may use it.
  private(set) var options: BucketOptions
  /// Asked at the top of each turn for options that take the place of these.
  public var newerOptions: (() -> BucketOptions?)?
  /// Told of each answer when it is written.
  public var observer: ((BucketEvent) -> Void)?
  let store: Store
  private let clock: Clock
  private var signer = Signer()
  private var requestNumber: UInt64

  /// A service for the worker with this clock.
  public init(_ store: Store, _ options: BucketOptions, clock: Clock) {
    self.store = store
    self.options = options
    self.clock = clock
    // Requests are told apart across workers and starts well enough for a log.
    requestNumber = UInt64.random(in: 0...UInt64.max)
  }

  public override func turn() {
    if let newer = newerOptions?() { options = newer }
  }

  public override func begin(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ response: inout Response
  ) -> Intent {
    let fields = RequestFields(head, bytes)
    let method = String(copying: bytes[head.methodName])
    let exchange = makeExchange(
      method, resource: Array(copying: bytes[head.path]),
      grant: fields["origin"].flatMap { corsRules.grant(origin: $0, method: method) })
    do throws(S3Error) {
      let request = try BucketRequest(head, fields, bytes)
      if head.method == .options {
        try preflight(request, exchange, &response)
        return .answered
      }
      let access = try authenticate(head, bytes)
      return try route(request, access, exchange, &response)
    } catch {
      exchange.refuse(error, &response)
      return .answered
    }
  }

  public override func refuse(_ refusal: Refusal, _ response: inout Response) {
    makeExchange("", resource: [], grant: nil).refuse(S3Error(refusal), &response)
  }

  private func makeExchange(
    _ method: String, resource: [UInt8], grant: CORSGrant?
  ) -> Exchange {
    requestNumber &+= 1
    let digits = String(requestNumber, radix: 16, uppercase: true)
    return Exchange(
      method: method, resource: resource,
      requestID: String(repeating: "0", count: 16 - digits.utf8.count) + digits, grant: grant,
      observer: observer)
  }

  // MARK: - Who

  /// Who asks.
  enum Access {
    case anonymous
    case signed(Payload)
  }

  private func authenticate(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>
  ) throws(S3Error) -> Access {
    let identity = options.identity
    let verification = signer.verify(head, in: bytes, now: clock.unixSeconds) { accessKeyID in
      accessKeyID.equals(identity.credentials.accessKeyID.utf8.span) ? identity : nil
    }
    switch verification {
    case .anonymous: return .anonymous
    case .accepted(_, let payload): return .signed(payload)
    case .refused(let refusal):
      throw S3Error(
        refusal, subject: bytes[refusal.subject], signer, identity, now: clock.unixSeconds)
    }
  }

  // MARK: - What

  private func route(
    _ request: BucketRequest, _ access: Access, _ exchange: Exchange,
    _ response: inout Response
  ) throws(S3Error) -> Intent {
    let isBucket = request.bucket == Array(options.name.utf8)
    guard isBucket || request.bucket.isEmpty else {
      throw S3Error(
        .noSuchBucket, "The specified bucket does not exist; there is one called \(options.name)."
      )
      .with("BucketName", request.bucket)
    }
    if let version = request.query["versionId"], version != "null" {
      throw S3Error(.noSuchVersion, "There is one version of each object, which is called null.")
        .with("VersionId", version)
    }
    let reads = request.method == .get || request.method == .head
    guard case .signed(let payload) = access else {
      guard isBucket, reads, !request.keyBytes.isEmpty else {
        throw S3Error(
          .accessDenied, "Access Denied: without a signature one can only read objects.")
      }
      guard options.allowsAnonymousReads else {
        throw S3Error(.accessDenied, "Access Denied: without a signature one can do nothing here.")
      }
      try download(request, exchange, isSigned: false, &response)
      return .answered
    }
    let call = Call(request: request, payload: payload, exchange: exchange)
    guard isBucket else { return try routeService(call, &response) }
    return request.keyBytes.isEmpty
      ? try routeBucket(call, &response) : try routeObject(call, &response)
  }

  /// A request that may be obeyed.
  struct Call {
    let request: BucketRequest
    let payload: Payload
    let exchange: Exchange
  }

  private func routeObject(_ call: Call, _ response: inout Response) throws(S3Error) -> Intent {
    let query = call.request.query
    switch call.request.method {
    case .post where query.has("uploads"): return .stream(try createUpload(call))
    case .post where query.has("uploadId"): return .stream(try completeUpload(call))
    case .put where query.has("uploadId"): return .stream(try uploadPart(call))
    case .delete where query.has("uploadId"): return .stream(try abortUpload(call))
    case _ where query.first(of: Self.objectResources) != nil:
      throw .notImplemented(
        "The object's sub-resource ?\(query.first(of: Self.objectResources) ?? "")")
    case .get, .head:
      try download(call.request, call.exchange, isSigned: true, &response)
      return .answered
    case .put: return .stream(try upload(call))
    case .delete: return .stream(try delete(call))
    case .post, .options, .other: throw .methodNotAllowed
    }
  }

  private func routeBucket(_ call: Call, _ response: inout Response) throws(S3Error) -> Intent {
    let query = call.request.query
    switch call.request.method {
    case .get where query.has("cors"): try getCORS(call, &response)
    case .put where query.has("cors"): return .stream(try putCORS(call))
    case .delete where query.has("cors"): return .stream(deleteCORS(call))
    case .post where query.has("delete"): return .stream(try deleteObjects(call))
    case .get where query.has("location"): getLocation(call, &response)
    case .get where query.has("versioning"): getVersioning(call, &response)
    case _ where query.first(of: Self.bucketResources) != nil:
      throw .notImplemented(
        "The bucket's sub-resource ?\(query.first(of: Self.bucketResources) ?? "")")
    case .get: try list(call, &response)
    case .head:
      call.exchange.begin(.ok, &response)
      response.writer.field("x-amz-bucket-region", options.identity.region.utf8.span)
      response.writer.endWithoutBody()
    // To make the bucket that is there is what scripts do before they use it.
    case .put: call.exchange.answer(.ok, &response)
    case .delete: throw .notImplemented("Removing the bucket")
    case .post, .options, .other: throw .methodNotAllowed
    }
    return .answered
  }

  private func routeService(_ call: Call, _ response: inout Response) throws(S3Error) -> Intent {
    guard call.request.method == .get else { throw .methodNotAllowed }
    listBuckets(call, &response)
    return .answered
  }

  /// What S3 has beside objects, and this bucket has not.
  private static let objectResources = [
    "acl", "attributes", "legal-hold", "partNumber", "restore", "retention", "select", "tagging",
    "torrent", "uploadId", "uploads",
  ]
  private static let bucketResources = [
    "accelerate", "acl", "analytics", "encryption", "intelligent-tiering", "inventory",
    "lifecycle", "logging", "metrics", "notification", "object-lock", "ownershipControls",
    "policy", "policyStatus", "publicAccessBlock", "replication", "requestPayment", "tagging",
    "uploads", "versions", "website",
  ]
}
