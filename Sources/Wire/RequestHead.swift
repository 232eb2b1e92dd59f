/// The head of an HTTP/1.1 request: ranges into the bytes that it was parsed from, and what they mean for the connection.
///
/// Nothing is copied, and nothing is allocated for a request. A head is kept by whoever parses and used again for the next request; it is of use
/// only together with the bytes that were parsed. ``parse(_:)`` fills it.
public struct RequestHead: ~Copyable {
  /// The methods that some route knows (RFC 9110 §9).
  public enum Method: Sendable {
    case get, head, post, put, delete, options, other
  }

  /// The protocol versions spoken here. A later 1.x is answered as 1.1 (RFC 9110 §2.5).
  public enum Version: Sendable {
    case http10, http11
  }

  /// How the body is delimited (RFC 9112 §6).
  public enum Framing: Equatable, Sendable {
    /// There is none.
    case none
    /// So many bytes.
    case length(UInt64)
    /// Chunks up to the one of size zero.
    case chunked
  }

  /// One field line: the name without its colon, the value without white space around it.
  public struct Field: Sendable {
    /// The name as sent; case does not matter.
    public var name = ByteRange()
    /// The value as sent, without optional white space.
    public var value = ByteRange()
  }

  /// The method, where it is one that some route knows.
  public internal(set) var method = Method.other
  /// The method as sent.
  public internal(set) var methodName = ByteRange()
  /// The request target as sent.
  public internal(set) var target = ByteRange()
  /// The path of the target, `*` for `OPTIONS *`; empty where an absolute target has none.
  public internal(set) var path = ByteRange()
  /// What follows the first `?` of the target; empty also where there is none.
  public internal(set) var query = ByteRange()
  /// The host and port that the request is for: of the target where that has one, else of the Host field.
  public internal(set) var authority = ByteRange()
  /// The version of the request.
  public internal(set) var version = Version.http11
  /// How the body is delimited.
  public internal(set) var framing = Framing.none
  /// Whether the client would send another request on the connection (RFC 9112 §9.3).
  public internal(set) var keepsAlive = true
  /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
  public internal(set) var expectsContinue = false
  /// The fields, of which the first ``fieldCount`` count.
  public internal(set) var fields = Slab<Field>(count: Limits.fieldsMax) { _ in Field() }
  /// How many fields there are.
  public internal(set) var fieldCount = 0
  /// Bytes of the head, the empty line that ends it included.
  public internal(set) var byteCount = 0
  private let pinned = Pinned()

  /// A head to be filled.
  public init() {}

  /// The value of the first field called `name`, which must be in lower case, or nil.
  public func firstValue(_ name: StaticString, in bytes: Span<UInt8>) -> ByteRange? {
    for i in 0..<fieldCount where bytes[fields[i].name].equalsIgnoringCase(name) {
      return fields[i].value
    }
    return nil
  }
}
