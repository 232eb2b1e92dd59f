/// What became of a slot request, in one word: the same in problems, metrics and the log.
public enum Outcome: Int, CaseIterable, Sendable {
  case granted, badRequest, unauthorized, quota, forbidden, noSuchService, fileTooLarge
  case mediaTypeNotAllowed, unavailable

  /// The word. Of a denial it is the last part of its problem's stable type.
  public var name: StaticString {
    switch self {
    case .granted: "granted"
    case .badRequest: "bad-request"
    case .unauthorized: "unauthorized"
    case .quota: "quota"
    case .forbidden: "forbidden"
    case .noSuchService: "no-such-service"
    case .fileTooLarge: "file-too-large"
    case .mediaTypeNotAllowed: "media-type-not-allowed"
    case .unavailable: "unavailable"
    }
  }
}

extension Denial {
  /// The kind of denial.
  public var outcome: Outcome {
    switch self {
    case .malformed: .badRequest
    case .unauthorized: .unauthorized
    case .quota: .quota
    case .forbidden: .forbidden
    case .noSuchService: .noSuchService
    case .tooLarge: .fileTooLarge
    case .mediaType: .mediaTypeNotAllowed
    case .unavailable: .unavailable
    }
  }
}
