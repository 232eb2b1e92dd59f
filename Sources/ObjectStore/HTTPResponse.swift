internal import Wire

/// The answer to an ``HTTPRequest``, whatever its status: also a redirect, which is never followed.
public struct HTTPResponse: Sendable {
  /// The status code (RFC 9110 §15).
  public let status: Int
  /// The header fields, with names in lower case, in the order they came in.
  public let fields: [HTTPField]
  /// The body, all of it.
  public private(set) var body: [UInt8]
  /// How long its parts took.
  public let timings: Timings
  /// The server's certificate; nil without TLS and on a connection that was there before.
  public let certificate: Certificate?
  /// The IP address that answered, or the proxy's.
  public let address: String
  /// Seconds by which the server's clock is ahead of this one, negative where it is behind, as far as its `Date` field shows;
  /// nil where there is none. It is exact to a second and half of the time that the answer took.
  public let clockOffset: Int?

  /// How long a transfer took until each of its parts was done, counted from its beginning.
  public struct Timings: Sendable {
    /// The name was resolved.
    public var resolved = Duration.zero
    /// The connection was there; zero on one that was there before.
    public var connected = Duration.zero
    /// TLS was agreed on; zero without.
    public var secured = Duration.zero
    /// The first byte of the answer came.
    public var firstByte = Duration.zero
    /// All was over.
    public var total = Duration.zero
  }

  /// Whether the status says that it was done (2xx).
  public var isSuccess: Bool { 200..<300 ~= status }
  /// Whether an IPv6 address answered.
  public var isIPv6: Bool { address.contains(":") }
  /// The body as text; what is not UTF-8 in it becomes U+FFFD.
  public var text: String { String(decoding: body, as: UTF8.self) }

  /// The body, which is kept no longer: for one that holds a secret, and is to be overwritten.
  mutating func takeBody() -> [UInt8] {
    defer { body = [] }
    return body
  }

  /// The value of the first field called `name`, which must be in lower case, or nil.
  public func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  /// The values of all fields called `name`, which must be in lower case, split at their commas.
  public func list(_ name: String) -> [String] {
    fields.filter { $0.name == name }.flatMap { field in
      field.value.split(separator: ",").map { String($0.utf8.span.trimmed.text) }
    }
  }
}

extension Span<UInt8> {
  fileprivate var text: String { String(copying: self) }
}

/// What the server's own certificate says.
public struct Certificate: Sendable, Equatable {
  /// Whose it is, such as `CN = s3.example.org`.
  public var subject = ""
  /// Who vouches for that.
  public var issuer = ""
  /// When it ends, in seconds since the beginning of 1970; nil where the library's words for it are not understood.
  public var expiresAt: Int64?
}
