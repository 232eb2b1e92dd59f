/// Something that is wrong between slotd and a bucket, for the operator.
public struct Trouble: Error, Equatable, CustomStringConvertible {
  /// A short name that never changes: the S3 error code, `curl-7`, `http-502` or a word of slotd's own.
  public var code: String
  /// What is wrong.
  public var problem: String
  /// What to do.
  public var remedy: String

  /// What is wrong and what to do, as one sentence.
  public var description: String { "\(problem); \(remedy)" }

  /// Trouble of these parts.
  public init(_ code: String, _ problem: String, _ remedy: String) {
    self.code = code
    self.problem = problem
    self.remedy = remedy
  }

  /// What is wrong when no answer came.
  public init(_ error: TransferError) {
    self.init("curl-\(error.code.rawValue)", error.problem, error.remedy)
  }

  /// Seconds that clocks may differ before it is worth a word. S3 allows 900, but a URL that lives a minute is dead
  /// before it arrives when the bucket's clock is a minute ahead.
  public static let clockOffsetMax = 30

  /// What is wrong when the answer of a phase is not the one that is needed.
  public init(_ response: HTTPResponse, during phase: Phase, of bucket: BucketView) {
    let error = S3Error(response)
    self =
      Self.clock(response, error)
      ?? (error.code.isEmpty ? nil : Self.coded(error, phase, bucket))
      ?? Self.status(response, error, phase, bucket)
  }

  /// The clocks: servers have four ways to say that they differ, and some only refuse the signature.
  private static func clock(_ response: HTTPResponse, _ error: S3Error) -> Trouble? {
    let message = error.message.lowercased()
    let isSaid =
      error.code == "RequestTimeTooSkewed" || error.code == "RequestExpired"
      || message.contains("not yet valid")
      || message.contains("has expired")
        && error.code != "ExpiredToken"
    let offset = response.clockOffset ?? 0
    // Behind an access denied or a wrong signature there may be the clock, too; behind what names another reason it is not.
    let isLikely =
      abs(offset) > clockOffsetMax && 400..<500 ~= response.status
      && ["", "AccessDenied", "SignatureDoesNotMatch"].contains(error.code)
    guard isSaid || isLikely else { return nil }
    let code = error.code.isEmpty ? "http-\(response.status)" : error.code
    guard abs(offset) > clockOffsetMax else {
      return Trouble(
        code, "the bucket says that the request came at the wrong time",
        "compare this machine's clock and the bucket's, and see whether expiration_time is long enough"
      )
    }
    return Trouble(
      code,
      "the bucket's clock is \(abs(offset)) s \(offset > 0 ? "ahead of" : "behind") this machine's",
      "set the clock that is wrong, best by NTP")
  }
}
