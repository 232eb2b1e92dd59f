/// An HTTP status code (RFC 9110 §15). A struct over the number and not a closed enum: any code can be sent, those that slotd
/// uses have names.
public struct Status: Equatable, Sendable {
  /// The three digits.
  public let code: UInt16

  /// The status with these three digits.
  @inlinable public init(_ code: UInt16) { self.code = code }

  /// Done (RFC 9110 §15.3.1).
  public static let ok = Status(200)
  /// Done, and something new is there (RFC 9110 §15.3.2).
  public static let created = Status(201)
  /// Done, and there is nothing to say (RFC 9110 §15.3.5).
  public static let noContent = Status(204)
  /// Here is the range that was asked for (RFC 9110 §15.3.7).
  public static let partialContent = Status(206)
  /// What the client has is still right (RFC 9110 §15.4.5).
  public static let notModified = Status(304)
  /// The request is malformed (RFC 9110 §15.5.1).
  public static let badRequest = Status(400)
  /// Nobody who may ask has asked (RFC 9110 §15.5.2).
  public static let unauthorized = Status(401)
  /// ejabberd takes it for a quota that is reached (RFC 9110 §15.5.3).
  public static let paymentRequired = Status(402)
  /// Who asks may not (RFC 9110 §15.5.4).
  public static let forbidden = Status(403)
  /// There is nothing (RFC 9110 §15.5.5).
  public static let notFound = Status(404)
  /// The resource does not take that method (RFC 9110 §15.5.6).
  public static let methodNotAllowed = Status(405)
  /// The request did not arrive in time (RFC 9110 §15.5.9).
  public static let requestTimeout = Status(408)
  /// The request does not fit the state of things (RFC 9110 §15.5.10).
  public static let conflict = Status(409)
  /// The request must say how long its body is (RFC 9110 §15.5.12).
  public static let lengthRequired = Status(411)
  /// What the request made a condition does not hold (RFC 9110 §15.5.13).
  public static let preconditionFailed = Status(412)
  /// The body, or the file, is too large (RFC 9110 §15.5.14).
  public static let contentTooLarge = Status(413)
  /// The target is too long (RFC 9110 §15.5.15).
  public static let uriTooLong = Status(414)
  /// The body has a type that is not taken (RFC 9110 §15.5.16).
  public static let unsupportedMediaType = Status(415)
  /// The range lies outside (RFC 9110 §15.5.17).
  public static let rangeNotSatisfiable = Status(416)
  /// The expectation cannot be met (RFC 9110 §15.5.18).
  public static let expectationFailed = Status(417)
  /// The request is well-formed, and cannot be granted (RFC 9110 §15.5.21).
  public static let unprocessableContent = Status(422)
  /// Too many requests (RFC 6585 §4).
  public static let tooManyRequests = Status(429)
  /// The head is too large (RFC 6585 §5).
  public static let fieldsTooLarge = Status(431)
  /// A mistake of ours (RFC 9110 §15.6.1).
  public static let internalServerError = Status(500)
  /// This server does not do that (RFC 9110 §15.6.2).
  public static let notImplemented = Status(501)
  /// Not now (RFC 9110 §15.6.4).
  public static let serviceUnavailable = Status(503)
  /// The version is not spoken here (RFC 9110 §15.6.6).
  public static let versionNotSupported = Status(505)
  /// The disk is full (RFC 4918 §11.5).
  public static let insufficientStorage = Status(507)

  /// The reason phrase of RFC 9110, or nothing for a code that has none here; it carries no meaning on the wire.
  public var reason: StaticString {
    switch code {
    case 200: "OK"
    case 201: "Created"
    case 204: "No Content"
    case 206: "Partial Content"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 402: "Payment Required"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 411: "Length Required"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 416: "Range Not Satisfiable"
    case 417: "Expectation Failed"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    case 507: "Insufficient Storage"
    default: ""
    }
  }

  /// Whether an answer with this status never has a body, nor a `Content-Length` (RFC 9110 §8.6).
  @inlinable public var forbidsBody: Bool { code < 200 || code == 204 || code == 304 }
}
