public import Wire

/// The three ways in which a slot is asked for and answered.
public enum Dialect: Sendable {
  /// A JSON document, and problem documents for errors (RFC 9457).
  case json
  /// The child of the `<iq/>`, ready to be inserted.
  case xml
  /// ejabberd's `service_url`: two lines, and for errors a status that it knows.
  case lines

  /// Status of an answer that grants a slot.
  public var grantedStatus: Status { self == .lines ? .ok : .created }

  /// Media type of an answer that grants a slot, or describes a service.
  public var contentType: StaticString {
    switch self {
    case .json: "application/json"
    case .xml: "application/xml; charset=utf-8"
    case .lines: "text/plain; charset=utf-8"
    }
  }

  /// Media type of an answer that denies one.
  public var denialContentType: StaticString {
    self == .json ? "application/problem+json" : contentType
  }

  /// Status of an answer that denies a slot.
  public func status(_ denial: Denial) -> Status {
    self == .lines ? denial.row.ejabberdStatus : denial.row.status
  }

  /// Seconds for the `Retry-After` of an answer that denies a slot, or nil for none.
  ///
  /// In ejabberd's dialect there never is one: with 503 and two digits, Erlang's HTTP client tries again for ever, and that
  /// server's upload service hangs until it is restarted.
  public func retryAfter(_ denial: Denial, at now: Int64) -> UInt64? {
    guard self != .lines, let time = denial.retryAt else { return nil }
    return UInt64(clamping: max(time - now, 1))
  }

}
