public import Signing
public import Wire

/// Decides slot requests: who may upload what, under which key, until when.
///
/// Each worker has one. It owns the memory that a decision needs, so that none is allocated for one. A decision is made by
/// ``decide(_:at:)``, and the grant that comes out of it is written by ``write(_:in:to:)``.
public struct Grantor: ~Copyable {
  /// What came of a request.
  public enum Decision {
    case granted(Grant)
    case denied(Denial)
  }

  /// A slot that is granted. Its URLs are in the grantor until the next decision.
  public struct Grant {
    /// The service that grants it.
    public let service: UploadService
    /// Bytes of the file.
    public let size: UInt64
    /// When the PUT URL ends, in seconds since the beginning of 1970.
    public let expiresAt: Int64
    /// The bare JID of who asked, in the scratch buffer.
    public let bareJID: ByteRange
  }

  /// Number of the service that the latest decision was about; nil where it did not come to one.
  public private(set) var serviceNumber: Int?
  /// Whether ``lowered`` holds the JID of who asked.
  private var knowsUser = false
  /// The texts of the request under way; ``forget()`` empties it before the next.
  public var scratch = ByteBuffer(capacity: Limits.requestBytesMax)
  /// The URL that the file of the latest grant is to be put to.
  var putURL = ByteBuffer(capacity: urlBytesMax)
  /// The URL that it can be got from then.
  var getURL = ByteBuffer(capacity: urlBytesMax)
  private var key = ObjectKey()
  private var lowered = LoweredNames()
  private var random = RandomBytes()
  private var signer: Signer
  private var services: UploadServices
  private let pinned = Pinned()

  /// Bytes of a URL: a base, a key and a session token of 4 KiB, each byte percent-encoded.
  private static let urlBytesMax = 16_384

  /// A grantor for these services.
  public init(_ services: UploadServices) {
    self.services = services
    signer = Signer(identities: services.presignerCount)
  }

  /// Decides about other services from now on.
  public mutating func adopt(_ services: UploadServices) {
    self.services = services
    signer.forgetKeys()
    signer = Signer(identities: services.presignerCount)
  }

  /// Forgets the request before, and makes room for the texts of the next.
  public mutating func forget() {
    scratch.clear()
    serviceNumber = nil
    knowsUser = false
  }

  /// Who asked, as far as the latest decision came to know: a code for the bare JID that says nothing to those without the key.
  public func user(under key: HMACKey) -> SHA256.Digest? {
    knowsUser ? key.authenticate(lowered.bare) : nil
  }

  /// Takes over one field of a request by name and text; what is wrong with it, if something is. For cold places.
  public mutating func take(
    _ name: String, _ value: String, into request: inout SlotRequest
  ) -> StaticString? {
    guard let field = SlotRequest.Field(name.utf8.span) else { return "There is no such field." }
    let start = scratch.count
    scratch.append(string: value)
    return request.set(field, ByteRange(start, scratch.count), in: scratch.bytes)
  }

  /// The key of the latest grant's object, below the path of the bucket's URL, percent-encoded.
  public var encodedKey: Span<UInt8> {
    @_lifetime(borrow self)
    get { key.percentEncoded }
  }

  // MARK: - The decision

  /// Grants or denies a request whose texts are in ``scratch``; `now` is in seconds since the beginning of 1970.
  ///
  /// Who may not upload is told so before anything else about the service, so that a stranger learns nothing of it. An operator, who
  /// tries the service, needs no permission.
  public mutating func decide(
    _ request: SlotRequest, at now: Int64, forOperator: Bool = false
  ) -> Decision {
    guard let jidRange = request.jid else { return .denied(.malformed("The jid is missing.")) }
    guard let filename = request.filename else {
      return .denied(.malformed("The filename is missing."))
    }
    guard let size = request.size else { return .denied(.malformed("The size is missing.")) }
    guard let jid = JID(jidRange, in: scratch.bytes) else {
      return .denied(.malformed("The jid is no JID, like romeo@montague.example."))
    }
    let purpose = request.purpose ?? .message
    if (purpose == .ephemeral) != (request.expireBefore != nil) {
      return .denied(
        .malformed("The expire_before belongs to the purpose ephemeral, only and always."))
    }

    lowered.set(jid, host: request.host, of: scratch)
    knowsUser = true
    guard let (service, isLocal) = lowered.find(in: services) else {
      return .denied(.noSuchService)
    }
    serviceNumber = service.number
    guard forOperator || lowered.mayUpload(service.access, isLocal: isLocal) else {
      return .denied(.forbidden)
    }
    guard case .bytes(let bytes) = size, bytes <= service.maxFileSize else {
      return .denied(.tooLarge(max: service.maxFileSize))
    }
    guard takes(request.contentType, service) else { return .denied(.mediaType) }
    guard service.purposes.contains(purpose) else {
      return .denied(.malformed("This service takes no uploads for that purpose."))
    }

    var seconds = request.expirationTime ?? service.expirationTime
    if let expireBefore = request.expireBefore {
      guard expireBefore > now else {
        return .denied(.malformed("The expire_before lies in the past."))
      }
      seconds = min(seconds, Int(clamping: expireBefore - now))
    }
    guard key.set(service, purpose, lowered, filename: filename, of: scratch, &random) else {
      return .denied(
        .unavailable("The system has no random numbers.", retryAt: now + Self.retrySeconds))
    }
    let outcome = writeURLs(service, bytes, request.contentType, seconds: seconds, now)
    guard case .url(let lifetime) = outcome else { return .denied(denial(outcome, now)) }
    return .granted(
      Grant(
        service: service, size: bytes, expiresAt: now + Int64(lifetime), bareJID: jid.bare))
  }

  /// Seconds after which asking again may help, where nothing better is known.
  static let retrySeconds: Int64 = 30

  /// Whether files of the announced type are taken; without one, the file is bytes.
  private func takes(_ type: ByteRange?, _ service: UploadService) -> Bool {
    guard let type else { return service.takes(Self.anyBytes.bytes) }
    return service.takes(scratch.bytes[type])
  }

  private static let anyBytes: StaticString = "application/octet-stream"

  // MARK: - Descriptions

  /// What came of a question for a service.
  public enum Answer {
    case found(UploadService)
    case denied(Denial)
  }

  /// The service called by the text at `host` of ``scratch``; without a name, the only one there is.
  public mutating func service(named host: ByteRange?) -> Answer {
    guard let host else {
      guard let only = services.all.first, services.all.count == 1 else {
        return .denied(.malformed("The host is missing, and there is more than one service."))
      }
      return .found(only)
    }
    lowered.set(host: host, of: scratch)
    return lowered.find(in: services).map { .found($0.0) } ?? .denied(.noSuchService)
  }

  // MARK: - The URLs

  private mutating func writeURLs(
    _ service: UploadService, _ size: UInt64, _ contentType: ByteRange?, seconds: Int,
    _ now: Int64
  ) -> Presigner.Outcome {
    let type = signedType(service.signContentType, contentType)
    let outcome = Self.presignPut(
      service.presigner, key, size, type, of: scratch, seconds, now, &signer, &putURL)
    switch service.get {
    case .plain(let endpoint):
      Self.writePlain(endpoint, key, &getURL)
    case .presigned(let seconds):
      let got = Self.presignGet(service.presigner, key, seconds, now, &signer, &getURL)
      guard case .url = got else { return got }
    }
    return outcome
  }

  // What follows is static, because a span of one part of a value keeps the compiler (6.3) from changing its other parts;
  // as arguments they are apart.

  private static func presignPut(
    _ presigner: Presigner, _ key: borrowing ObjectKey, _ size: UInt64, _ type: ByteRange?,
    of texts: borrowing ByteBuffer, _ seconds: Int, _ now: Int64, _ signer: inout Signer,
    _ url: inout ByteBuffer
  ) -> Presigner.Outcome {
    url.clear()
    guard let type else {
      return presigner.presign(
        .put, key: key.percentEncoded, encoded: true, contentLength: size, lifetime: seconds,
        now: now, with: &signer,
        into: &url)
    }
    return presigner.presign(
      .put, key: key.percentEncoded, encoded: true, contentLength: size,
      contentType: texts.bytes[type],
      lifetime: seconds, now: now, with: &signer, into: &url)
  }

  private static func presignGet(
    _ presigner: Presigner, _ key: borrowing ObjectKey, _ seconds: Int, _ now: Int64,
    _ signer: inout Signer, _ url: inout ByteBuffer
  ) -> Presigner.Outcome {
    url.clear()
    return presigner.presign(
      .get, key: key.percentEncoded, encoded: true, lifetime: seconds, now: now, with: &signer,
      into: &url)
  }

  private static func writePlain(
    _ endpoint: Endpoint, _ key: borrowing ObjectKey, _ url: inout ByteBuffer
  ) {
    url.clear()
    url.append(objectURL: key.percentEncoded, encoded: true, at: endpoint)
  }

  /// The media type that the client has to send, or nil where it may send any.
  private mutating func signedType(
    _ when: UploadService.SignContentType, _ announced: ByteRange?
  ) -> ByteRange? {
    switch when {
    case .never: return nil
    case .whenGiven: return announced
    case .always:
      if let announced { return announced }
      let start = scratch.count
      scratch.append(Self.anyBytes)
      return ByteRange(start, scratch.count)
    }
  }

  private func denial(_ outcome: Presigner.Outcome, _ now: Int64) -> Denial {
    switch outcome {
    case .contentType: .malformed("The content_type holds a control character.")
    case .noCredentials:
      .unavailable(
        "There are no credentials for the bucket yet.", retryAt: now + Self.retrySeconds)
    case .sessionEnded:
      .unavailable("The bucket's credentials have expired.", retryAt: now + Self.retrySeconds)
    case .tooLong, .url:
      .unavailable("The URLs of the bucket are too long.", retryAt: now + Self.retrySeconds)
    }
  }
}
