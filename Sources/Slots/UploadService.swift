public import Signing
internal import Wire

/// One upload service, ready for use: its rules, and the presigner of its bucket. Immutable, shared by all workers.
public final class UploadService: Sendable {
  /// Who may upload.
  public enum Access: Sendable {
    /// JIDs of the domains that the service is for.
    case local
    /// Everybody who can ask.
    case all
    /// These domains and bare JIDs, in lower case.
    case listed(AccessList)
  }

  /// When the announced media type is signed, so that the bucket takes no other.
  public enum SignContentType: Sendable {
    /// Never: clients send what they like, and some always send another type than they announced.
    case never
    /// Where one was announced, which is what MongooseIM does.
    case whenGiven
    /// Always; a client that announced none must send `application/octet-stream`.
    case always
  }

  /// What object keys look like.
  public enum KeyLayout: Sendable {
    /// `<token>/<filename>`
    case token
    /// `<purpose>/<keyed hash of the bare JID>/<token>/<filename>`, so that a user's files can be found.
    case user(HMACKey)
  }

  /// What GET URLs look like.
  public enum Get: Sendable {
    /// The object's own URL, or the same below `download_url`.
    case plain(Endpoint)
    /// Presigned too, for so many seconds.
    case presigned(seconds: Int)
  }

  /// The rules and the bucket of an upload service.
  public struct Rules: Sendable {
    /// Seconds that a PUT URL lives.
    public var expirationTime = 60
    /// Random bytes of the token in an object key.
    public var tokenBytes = 32
    /// Bytes that a file may have; nil: no limit.
    public var maxFileSize: UInt64?
    /// Who may upload.
    public var access = Access.local
    /// The name that clients show.
    public var serviceName = "HTTP File Upload"
    /// When the media type is signed.
    public var signContentType = SignContentType.never
    /// Media types that are taken, as `image/png`, `image/*` or `*/*` in lower case; nil: all.
    public var mediaTypes: [String]?
    /// Purposes that are taken.
    public var purposes = Purpose.allCases
    /// What object keys look like.
    public var keyLayout = KeyLayout.token
    /// What GET URLs look like.
    public var get: Get
    /// Signs for the bucket.
    public var presigner: Presigner

    /// The default rules for a bucket.
    public init(presigner: Presigner, get: Get) {
      self.presigner = presigner
      self.get = get
    }
  }

  /// Number of the service in its configuration: the place of its counters.
  public let number: Int
  // The rules, taken apart: a grant that copied them as a whole would count references it does not need.
  let expirationTime: Int
  let tokenBytes: Int
  /// The largest file that is granted, whether a limit is configured or not.
  let maxFileSize: UInt64
  /// The limit as it is configured and told to clients.
  let advertisedMaxFileSize: UInt64?
  let access: Access
  let serviceName: String
  let signContentType: SignContentType
  let mediaTypes: [[UInt8]]?
  let purposes: [Purpose]
  let keyLayout: KeyLayout
  let get: Get
  /// Signs for the bucket.
  public let presigner: Presigner

  /// The service of that number.
  public init(number: Int, rules: Rules) {
    self.number = number
    expirationTime = rules.expirationTime
    tokenBytes = rules.tokenBytes
    maxFileSize = rules.maxFileSize ?? UInt64(Int64.max)
    advertisedMaxFileSize = rules.maxFileSize
    access = rules.access
    serviceName = rules.serviceName
    signContentType = rules.signContentType
    mediaTypes = rules.mediaTypes?.map { Array($0.utf8) }
    purposes = rules.purposes
    keyLayout = rules.keyLayout
    get = rules.get
    presigner = rules.presigner
  }

  /// The same service with another presigner.
  init(_ other: UploadService, with presigner: Presigner) {
    number = other.number
    expirationTime = other.expirationTime
    tokenBytes = other.tokenBytes
    maxFileSize = other.maxFileSize
    advertisedMaxFileSize = other.advertisedMaxFileSize
    access = other.access
    serviceName = other.serviceName
    signContentType = other.signContentType
    mediaTypes = other.mediaTypes
    purposes = other.purposes
    keyLayout = other.keyLayout
    get = other.get
    self.presigner = presigner
  }

  /// Whether files of this type are taken.
  func takes(_ contentType: Span<UInt8>) -> Bool {
    guard let mediaTypes else { return true }
    for pattern in mediaTypes where MediaType.matches(contentType, pattern.span) { return true }
    return false
  }
}

/// Domains and bare JIDs that may upload.
public struct AccessList: Sendable {
  private let table: ByteTable

  /// The list of these, each a domain or a bare JID.
  public init(_ entries: [String]) {
    table = ByteTable(entries.map { (Array($0.lowercased().utf8), 0) })
  }

  /// Whether the bare JID, or its domain, is listed.
  func contains(bare: Span<UInt8>, domain: Span<UInt8>) -> Bool {
    table[bare] != nil || table[domain] != nil
  }
}
