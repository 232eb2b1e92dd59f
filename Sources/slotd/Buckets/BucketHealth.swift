import ObjectStore

/// What is known of a bucket from its probes.
struct BucketHealth: Sendable {
  /// How it stands with the bucket.
  enum Standing: String, Sendable {
    /// No probe has ended yet, or none is made.
    case unknown
    /// The latest probe went through.
    case ok
    /// The latest probe failed, but not enough of them in a row.
    case suspected
    /// So many probes failed in a row that users will see it.
    case down
  }

  private(set) var standing = Standing.unknown
  /// Probes that failed in a row.
  private(set) var failures = 0
  /// The latest result.
  private(set) var latest: ProbeResult?
  /// When the last probe went through, in seconds since the beginning of 1970.
  private(set) var lastSuccess: Int64?
  /// Whether the latest probe could not delete its file.
  private(set) var leavesFiles = false

  /// What is known with one more result; `failuresMax` failures in a row are too many.
  func with(_ result: ProbeResult, failuresMax: Int) -> BucketHealth {
    var next = self
    next.latest = result
    next.leavesFiles = result.obstacle == nil && result.trouble != nil
    if result.obstacle == nil {
      next.failures = 0
      next.standing = .ok
      next.lastSuccess = result.startedAt
    } else {
      next.failures += 1
      next.standing = next.failures >= failuresMax ? .down : .suspected
    }
    return next
  }

  /// Seconds until the next probe, `fraction` of the way through a tenth before and behind: many slotds shall not probe in step.
  ///
  /// A bucket that is down is left in peace more and more, up to four intervals, so that its recovery is still seen soon.
  func delay(interval: Int, failuresMax: Int, fraction: Double) -> Duration {
    let doublings = min(max(failures - failuresMax, 0), 2)
    return .seconds(Double(interval << doublings) * (0.9 + 0.2 * fraction))
  }
}
