internal import Glibc
internal import Reactor
internal import Wire

/// A refusal as S3 words it: a code that programs look at, and a message that says what differed
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
struct S3Error: Error, Sendable {
  /// One of S3's codes, and the status that it comes with.
  struct Code: Sendable {
    let name: StaticString
    let status: Status

    init(_ name: StaticString, _ status: Status) {
      self.name = name
      self.status = status
    }
  }

  /// An element beside the message, for programs and for whoever has to find the difference.
  struct Detail: Sendable {
    let name: StaticString
    let value: [UInt8]
  }

  let code: Code
  let message: String
  var details: [Detail] = []
  /// A field that goes with the answer.
  var field: (name: StaticString, value: String)?

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The same with a field that goes with the answer.
  func withField(_ name: StaticString, _ value: String) -> S3Error {
    var copy = self
    copy.field = (name, value)
    return copy
  }

  /// The same with one more element.
  func with(_ name: StaticString, _ value: String) -> S3Error { with(name, Array(value.utf8)) }

  /// The same with one more element: bytes in hexadecimal digits.
  func with(_ name: StaticString, hex value: [UInt8]) -> S3Error {
    var text = ByteBuffer(capacity: max(value.count * 2, 1))
    text.append(hex: value.span)
    return with(name, Array(copying: text.bytes))
  }

  /// The same with one more element: bytes in Base64.
  func with(_ name: StaticString, base64 value: [UInt8]) -> S3Error {
    var text = ByteBuffer(capacity: value.count * 2 + 4)
    text.append(base64: value.span)
    return with(name, Array(copying: text.bytes))
  }

  /// The same with one more element.
  func with(_ name: StaticString, _ value: [UInt8]) -> S3Error {
    var copy = self
    copy.details.append(Detail(name: name, value: value))
    return copy
  }
}

extension S3Error.Code {
  static let accessDenied = Self("AccessDenied", .forbidden)
  static let accessForbidden = Self("AccessForbidden", .forbidden)
  static let authorizationHeaderMalformed = Self("AuthorizationHeaderMalformed", .badRequest)
  static let authorizationQueryParametersError = Self(
    "AuthorizationQueryParametersError", .badRequest)
  static let badDigest = Self("BadDigest", .badRequest)
  static let entityTooLarge = Self("EntityTooLarge", .badRequest)
  static let entityTooSmall = Self("EntityTooSmall", .badRequest)
  static let incompleteBody = Self("IncompleteBody", .badRequest)
  /// Not S3's, whose disk is never full; named like the status.
  static let insufficientStorage = Self("InsufficientStorage", .insufficientStorage)
  static let internalError = Self("InternalError", .internalServerError)
  static let invalidAccessKeyID = Self("InvalidAccessKeyId", .forbidden)
  static let invalidArgument = Self("InvalidArgument", .badRequest)
  static let invalidDigest = Self("InvalidDigest", .badRequest)
  static let invalidPart = Self("InvalidPart", .badRequest)
  static let invalidPartOrder = Self("InvalidPartOrder", .badRequest)
  static let invalidRange = Self("InvalidRange", .rangeNotSatisfiable)
  static let invalidRequest = Self("InvalidRequest", .badRequest)
  static let invalidURI = Self("InvalidURI", .badRequest)
  static let keyTooLong = Self("KeyTooLongError", .badRequest)
  static let malformedTrailer = Self("MalformedTrailerError", .badRequest)
  static let malformedXML = Self("MalformedXML", .badRequest)
  static let metadataTooLarge = Self("MetadataTooLarge", .badRequest)
  static let methodNotAllowed = Self("MethodNotAllowed", .methodNotAllowed)
  static let missingContentLength = Self("MissingContentLength", .lengthRequired)
  static let noSuchBucket = Self("NoSuchBucket", .notFound)
  static let noSuchBucketPolicy = Self("NoSuchBucketPolicy", .notFound)
  static let noSuchCORSConfiguration = Self("NoSuchCORSConfiguration", .notFound)
  static let noSuchKey = Self("NoSuchKey", .notFound)
  static let noSuchUpload = Self("NoSuchUpload", .notFound)
  static let noSuchVersion = Self("NoSuchVersion", .notFound)
  static let notImplemented = Self("NotImplemented", .notImplemented)
  static let preconditionFailed = Self("PreconditionFailed", .preconditionFailed)
  static let requestTimeout = Self("RequestTimeout", .badRequest)
  static let requestTimeTooSkewed = Self("RequestTimeTooSkewed", .forbidden)
  static let signatureDoesNotMatch = Self("SignatureDoesNotMatch", .forbidden)
  static let tooManyBuckets = Self("TooManyBuckets", .badRequest)
  static let contentSHA256Mismatch = Self("XAmzContentSHA256Mismatch", .badRequest)
}

extension S3Error {
  static func noSuchKey(_ key: ObjectKey) -> S3Error {
    S3Error(.noSuchKey, "The specified key does not exist.").with("Key", key.bytes)
  }

  static func preconditionFailed(_ field: String) -> S3Error {
    S3Error(
      .preconditionFailed, "At least one of the pre-conditions you specified did not hold"
    ).with("Condition", field)
  }

  static func malformedXML(_ why: String) -> S3Error {
    S3Error(.malformedXML, "The XML of the request body is not what this operation reads: \(why)")
  }

  static func notImplemented(_ what: String) -> S3Error {
    S3Error(.notImplemented, "\(what) is not implemented by this embedded bucket.")
  }

  static func headerNotImplemented(_ name: String) -> S3Error {
    S3Error(
      .notImplemented, "A header you provided implies functionality that is not implemented."
    ).with("Header", name)
  }

  /// What a client is told when the disk would not: of a full one that it is full, of other trouble no more than where to look.
  static func storage(_ error: SystemError) -> S3Error {
    switch error.number {
    case ENOSPC, EDQUOT, EFBIG:
      S3Error(
        .insufficientStorage, "There is no room left to store this object (\(error.text)).")
    default:
      S3Error(.internalError, "The bucket's directory could not be used (\(error)).")
    }
  }
}

/// Does what makes system calls; their errors become S3's.
func disk<Result: ~Copyable>(
  _ body: () throws(SystemError) -> Result
) throws(S3Error) -> Result {
  do throws(SystemError) {
    return try body()
  } catch {
    throw .storage(error)
  }
}
