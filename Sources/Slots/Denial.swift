internal import Wire

/// Why no slot is granted. What each dialect says of it stands here and nowhere else: one table, three dialects.
public enum Denial: Equatable, Sendable {
  /// The request is wrong; the sentence says where.
  case malformed(Sentence)
  /// No token, or none that is known.
  case unauthorized
  /// A quota or a rate is reached; a slot can be had again at this time, in seconds since the beginning of 1970.
  case quota(retryAt: Int64)
  /// This JID may not upload here.
  case forbidden
  /// Nobody takes uploads for that domain.
  case noSuchService
  /// The file is larger than this many bytes.
  case tooLarge(max: UInt64)
  /// Files of that type are not taken.
  case mediaType
  /// No URL that works can be made now; the sentence says why. Asking again at this time may help.
  case unavailable(Sentence, retryAt: Int64)

  /// A literal that can be compared.
  public struct Sentence: Equatable, Sendable, ExpressibleByStringLiteral {
    /// The literal.
    public let text: StaticString

    /// A literal.
    public init(stringLiteral text: StaticString) { self.text = text }
    /// A literal.
    public init(_ text: StaticString) { self.text = text }

    /// Whether both say the same.
    public static func == (a: Sentence, b: Sentence) -> Bool { a.text.bytes.equals(b.text.bytes) }
  }

  /// The row of a denial in the table of answers.
  struct Row {
    /// Status in JSON and XML.
    let status: Status
    /// Status in ejabberd's dialect, where 402, 403 and 413 are the whole vocabulary.
    let ejabberdStatus: Status
    /// The stanza error's type (RFC 6120 §8.3.2), or empty where it never reaches a stanza.
    let type: StaticString
    /// The stanza error's defined condition (RFC 6120 §8.3.3).
    let condition: StaticString
    /// What is wrong, for people.
    let text: StaticString
  }

  var row: Row {
    switch self {
    case .malformed(let sentence):
      Row(
        status: .badRequest, ejabberdStatus: .badRequest, type: "modify",
        condition: "bad-request", text: sentence.text)
    case .unauthorized:
      Row(
        status: .unauthorized, ejabberdStatus: .unauthorized, type: "",
        condition: "", text: "A token from this service's tokens is needed.")
    case .quota:
      Row(
        status: .tooManyRequests, ejabberdStatus: .paymentRequired, type: "wait",
        condition: "resource-constraint", text: "Your upload quota is used up for now.")
    case .forbidden:
      Row(
        status: .forbidden, ejabberdStatus: .forbidden, type: "auth",
        condition: "forbidden", text: "You are not allowed to upload files here.")
    case .noSuchService:
      Row(
        status: .notFound, ejabberdStatus: .notFound, type: "cancel",
        condition: "item-not-found", text: "There is no upload service for that domain.")
    case .tooLarge:
      Row(
        status: .contentTooLarge, ejabberdStatus: .contentTooLarge,
        type: "modify", condition: "not-acceptable",
        text: "The file is larger than this service allows.")
    case .mediaType:
      Row(
        status: .unprocessableContent, ejabberdStatus: .forbidden,
        type: "modify", condition: "not-acceptable",
        text: "Files of that type are not taken here.")
    case .unavailable(let sentence, _):
      Row(
        status: .serviceUnavailable, ejabberdStatus: .serviceUnavailable,
        type: "wait", condition: "resource-constraint", text: sentence.text)
    }
  }

  /// What is wrong, for people, with the limit that was exceeded.
  public var explanation: String {
    guard case .tooLarge(let max) = self else { return row.text.description }
    return "\(row.text) It takes \(max) bytes at most."
  }

  /// When asking again may help, in seconds since the beginning of 1970.
  var retryAt: Int64? {
    switch self {
    case .quota(let time), .unavailable(_, let time): time
    default: nil
    }
  }
}
