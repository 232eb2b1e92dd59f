internal import Wire

/// What a download was made to depend on (RFC 9110 §13).
enum Preconditions {
  /// What comes of them.
  enum Verdict: Equatable {
    case met
    /// The client has it already.
    case notModified
    /// The condition in this field does not hold.
    case failed(String)
  }

  /// Judges the conditions of a GET or HEAD in the order of RFC 9110 §13.2.2.
  static func judge(_ fields: RequestFields, etag: ETag, modified: Int64) -> Verdict {
    if fields.has("if-match") {
      if !matches(fields.list("if-match"), etag) { return .failed("If-Match") }
    } else if let since = date(fields, "if-unmodified-since"), modified > since {
      return .failed("If-Unmodified-Since")
    }
    if fields.has("if-none-match") {
      if matches(fields.list("if-none-match"), etag) { return .notModified }
    } else if let since = date(fields, "if-modified-since"), modified <= since {
      return .notModified
    }
    return .met
  }

  /// Whether `Range` is to be obeyed: not where the client has a part of something older (RFC 9110 §13.1.5).
  static func rangeHolds(_ fields: RequestFields, etag: ETag, modified: Int64) -> Bool {
    guard let condition = fields["if-range"] else { return true }
    if let date = CivilTime(imfFixdate: condition.utf8.span) {
      return date.unixSeconds == modified
    }
    return condition == etag.quoted
  }

  /// Whether one of `tags` is this one. S3 has always taken tags without their quotes too.
  static func matches(_ tags: [String], _ etag: ETag) -> Bool {
    tags.contains { $0 == "*" || plain($0) == etag.text }
  }

  /// A tag without `W/` and quotes.
  static func plain(_ tag: String) -> String {
    var tag = tag[...]
    if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
    if tag.count >= 2, tag.hasPrefix("\""), tag.hasSuffix("\"") { tag = tag.dropFirst().dropLast() }
    return String(tag)
  }

  /// A date that cannot be read is no condition (RFC 9110 §13.1.3).
  private static func date(_ fields: RequestFields, _ name: String) -> Int64? {
    fields[name].flatMap { CivilTime(imfFixdate: $0.utf8.span)?.unixSeconds }
  }
}
