/// An HTTP status code (RFC 9110 §15). A struct over the number and not a closed enum: any code can be sent, those that slotd
/// uses have names.
public struct Status: Equatable, Sendable {
  /// The three digits.
  public let code: UInt16

  /// The status with these three digits.
  @inlinable public init(_ code: UInt16) { self.code = code }

  public static let ok = Status(200)
  public static let created = Status(201)
  public static let noContent = Status(204)
  public static let partialContent = Status(206)
  public static let notModified = Status(304)
  public static let badRequest = Status(400)
  public static let unauthorized = Status(401)
  public static let paymentRequired = Status(402)
  public static let forbidden = Status(403)
  public static let notFound = Status(404)
  public static let methodNotAllowed = Status(405)
  public static let requestTimeout = Status(408)
  public static let conflict = Status(409)
  public static let lengthRequired = Status(411)
  public static let preconditionFailed = Status(412)
  public static let contentTooLarge = Status(413)
  public static let uriTooLong = Status(414)
  public static let unsupportedMediaType = Status(415)
  public static let rangeNotSatisfiable = Status(416)
  public static let expectationFailed = Status(417)
  public static let unprocessableContent = Status(422)
  public static let tooManyRequests = Status(429)
  public static let fieldsTooLarge = Status(431)
  public static let internalServerError = Status(500)
  public static let notImplemented = Status(501)
  public static let serviceUnavailable = Status(503)
  public static let versionNotSupported = Status(505)
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
