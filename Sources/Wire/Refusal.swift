/// Why a request cannot be taken as HTTP/1.1, before anyone asked what it wants.
///
/// A refusal is an expected answer, so it is a value that a parser returns, not an error that it throws. Each knows the status to
/// answer with and the sentence of the RFC that it enforces. The connection is always closed after one: where a message
/// is malformed, nobody can say where the next begins.
public enum Refusal: Equatable, Sendable {
  /// A CR or an LF stands alone.
  case lineEnd
  /// The method is no token.
  case method
  /// The method is CONNECT.
  case connectMethod
  /// The target has none of its four forms.
  case target
  /// The target is too long.
  case targetTooLong
  /// The version is malformed.
  case version
  /// The version is another than 1.x.
  case versionUnsupported
  /// A field name is malformed.
  case fieldName
  /// A field value has a control character in it.
  case fieldValue
  /// A field goes on in the next line.
  case folding
  /// There are more fields than are kept.
  case fieldsTooMany
  /// The head is too large.
  case headTooLarge
  /// There is no Host field.
  case hostMissing
  /// There is more than one Host field.
  case hostRepeated
  /// The Host field is no host.
  case hostInvalid
  /// The Content-Length is no number.
  case contentLength
  /// There is more than one Content-Length.
  case contentLengthRepeated
  /// There are a Content-Length and a Transfer-Encoding.
  case framingConflict
  /// The transfer codings do not end in chunked.
  case transferEncoding
  /// A transfer coding is not known here.
  case transferEncodingUnsupported
  /// A chunk is malformed.
  case chunk
  /// The trailer section is malformed.
  case trailer
  /// An expectation is not known here.
  case expectation
  /// The body is larger than is read.
  case bodyTooLarge
  case bodyIncomplete
  /// The head took too long.
  case headTimeout
  /// The body took too long.
  case bodyTimeout

  /// The status to answer with.
  public var status: Status {
    switch self {
    case .targetTooLong: .uriTooLong
    case .versionUnsupported: .versionNotSupported
    case .fieldsTooMany, .headTooLarge: .fieldsTooLarge
    case .transferEncodingUnsupported, .connectMethod: .notImplemented
    case .expectation: .expectationFailed
    case .bodyTooLarge: .contentTooLarge
    case .headTimeout, .bodyTimeout: .requestTimeout
    default: .badRequest
    }
  }

  /// What is wrong, in one sentence that names the rule.
  public var sentence: StaticString {
    switch self {
    case .lineEnd: "A line must end with CR LF, and neither may stand alone (RFC 9112 section 2.2)."
    case .method: "The method must be a token followed by one space (RFC 9112 section 3.1)."
    case .connectMethod: "CONNECT is for proxies, and this is none (RFC 9110 section 9.3.6)."
    case .target:
      "The request target must be a path, an http or https URL, or * for OPTIONS, in visible ASCII (RFC 9112 section 3.2)."
    case .targetTooLong:
      "The request target is longer than this server reads (RFC 9110 section 15.5.15)."
    case .version:
      "The request line must end with a single space and HTTP/1.1 (RFC 9112 section 2.3)."
    case .versionUnsupported:
      "Only HTTP/1.1 and HTTP/1.0 are spoken here (RFC 9110 section 15.6.6)."
    case .fieldName:
      "A field name must be a token with the colon right behind it (RFC 9112 section 5.1)."
    case .fieldValue: "A field value must not hold control characters (RFC 9110 section 5.5)."
    case .folding: "A field must not be folded over several lines (RFC 9112 section 5.2)."
    case .fieldsTooMany: "The request has more fields than this server reads (RFC 6585 section 5)."
    case .headTooLarge: "The request head is larger than this server reads (RFC 6585 section 5)."
    case .hostMissing: "An HTTP/1.1 request must have a Host field (RFC 9112 section 3.2)."
    case .hostRepeated: "A request must have one Host field only (RFC 9112 section 3.2)."
    case .hostInvalid: "The Host field must be a host with an optional port (RFC 9110 section 7.2)."
    case .contentLength:
      "Content-Length must be one decimal number that is not absurd (RFC 9112 section 6.3)."
    case .contentLengthRepeated: "Content-Length must be sent once (RFC 9112 section 6.3)."
    case .framingConflict:
      "Content-Length and Transfer-Encoding must not be sent together (RFC 9112 section 6.1)."
    case .transferEncoding:
      "Transfer-Encoding must be chunked, once, and in HTTP/1.1 only (RFC 9112 section 6.1)."
    case .transferEncodingUnsupported:
      "The only transfer coding known here is chunked (RFC 9112 section 6.1)."
    case .chunk: "The chunked body is malformed (RFC 9112 section 7.1)."
    case .trailer: "The trailer section is malformed or too large (RFC 9112 section 7.1.2)."
    case .expectation: "The only expectation known here is 100-continue (RFC 9110 section 10.1.1)."
    case .bodyTooLarge:
      "The request body is larger than this resource reads (RFC 9110 section 15.5.14)."
    case .bodyIncomplete: "The connection ended before the request body did (RFC 9112 section 8)."
    case .headTimeout: "The request head did not arrive in time (RFC 9110 section 15.5.9)."
    case .bodyTimeout: "The request body did not arrive in time (RFC 9110 section 15.5.9)."
    }
  }
}
