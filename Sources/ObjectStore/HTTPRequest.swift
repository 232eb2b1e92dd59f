/// One request that slotd sends: a value, and nothing in it depends on who carries it.
public struct HTTPRequest: Sendable {
  /// What is to be done (RFC 9110 §9, RFC 5789).
  public enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"
    case options = "OPTIONS"
  }

  /// Which addresses of a name may be used.
  public enum AddressFamily: Sendable {
    case any, v4, v6
  }

  /// What is to be done.
  public var method: Method
  /// An `http` or `https` URL, sent byte for byte as it stands here: a signature covers it.
  public var url: String
  /// The header fields, in this order. `Host` and `Content-Length` are added.
  public var fields: [HTTPField] = []
  /// The body; nil sends none, and no `Content-Length` either.
  public var body: [UInt8]?
  /// Bytes of the largest body that is taken as an answer; a larger one fails.
  public var answerBytesMax = 1_048_576
  /// The longest that connecting may take, TLS included.
  public var connectTimeout = Duration.seconds(5)
  /// The longest that all of it may take.
  public var timeout = Duration.seconds(15)
  /// A file of certificates to trust besides the system's.
  public var caFile: String?
  /// Which addresses may be used.
  public var addressFamily = AddressFamily.any
  /// Whether a connection of its own is opened, so that its handshake is seen and timed.
  public var isOnFreshConnection = false
  /// Whether a proxy is used where the environment names one (`http_proxy`, `https_proxy`, `no_proxy`).
  public var mayUseProxy = true

  /// A request without fields and body.
  public init(_ method: Method, _ url: String) {
    self.method = method
    self.url = url
  }

  /// The URL without its query, which may hold a signature: for messages.
  public var shownURL: String { String(url.prefix { $0 != "?" }) }
}

/// A field of a head (RFC 9110 §5).
public struct HTTPField: Sendable, Equatable {
  /// The name; of an answer in lower case.
  public let name: String
  /// The value, without white space around it.
  public let value: String

  /// A field.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
