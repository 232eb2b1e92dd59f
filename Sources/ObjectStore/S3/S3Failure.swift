/// Why an operation on a bucket did not come to its end.
public enum S3Failure: Error, Sendable {
  /// No answer came.
  case transfer(TransferError)
  /// The answer was no.
  case refused(HTTPResponse)
  /// The answer was yes, but what it says is not what S3 says.
  case malformed

  /// What is wrong and what to do.
  public func trouble(during phase: Phase, of bucket: BucketView) -> Trouble {
    switch self {
    case .transfer(let error): Trouble(error)
    case .refused(let response): Trouble(response, during: phase, of: bucket)
    case .malformed:
      Trouble(
        "malformed", "the answer of \(bucket.url) is not what S3 answers",
        "see whether s3.bucket_url leads to the bucket's S3 interface")
    }
  }
}
