internal import Signing

/// When credentials are asked for again. Pure: the time and the chance come from outside.
enum RefreshPlan {
  /// Seconds before the end at which a session is renewed, where it lasts that long. EC2 has the next one ready at least five minutes
  /// before the end; the rest is for attempts that fail.
  static let leadSeconds = 900.0
  /// Seconds between two attempts that failed, at most.
  static let pauseSecondsMax = 60.0
  /// Seconds at the end of a session in which no URL is made any more.
  static let reservedSeconds = Presigner.sessionMarginSeconds + Int64(Presigner.usefulSecondsMin)

  /// Seconds until the next attempt, after credentials came whose session has `left` seconds to go.
  ///
  /// That is a quarter of an hour before it is of no use any more, or halfway there, where that is later: who answers with a session
  /// that is nearly over is asked more and more often. `fraction`, from 0 to 1, brings it forward by up to a tenth, so that many slotds
  /// do not ask in step.
  static func pause(left: Int64, fraction: Double) -> Double {
    let useful = max(Double(left - reservedSeconds), 0)
    let pause = max(useful - leadSeconds, useful / 2)
    return max(pause * (1 - fraction / 10), 1)
  }

  /// Seconds until the next attempt, after so many in a row failed: 1, 2, 4 … 60, and up to half as much again.
  static func pause(failures: Int, fraction: Double) -> Double {
    let doublings = min(max(failures - 1, 0), 6)
    return min(Double(1 << doublings), pauseSecondsMax) * (1 + fraction / 2)
  }
}
