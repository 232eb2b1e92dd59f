/// One row of what the doctor found out.
public struct Finding: Sendable, Equatable {
  /// What is to be thought of it.
  public enum Verdict: String, Sendable {
    /// As it should be.
    case ok
    /// Good to know; nothing has to be done.
    case note
    /// Something is weaker than it could be.
    case warning
    /// Something that users will run into.
    case bad
    /// It could not be tried.
    case skipped
  }

  /// What was tried: a name that never changes.
  public let check: String
  /// What is to be thought of it.
  public let verdict: Verdict
  /// What was seen.
  public let seen: String
  /// What to do about it, if something is to be done.
  public let remedy: String?

  init(_ check: String, _ verdict: Verdict, _ seen: String, _ remedy: String? = nil) {
    self.check = check
    self.verdict = verdict
    self.seen = seen
    self.remedy = remedy
  }

  init(_ check: String, _ verdict: Verdict, _ trouble: Trouble) {
    self.init(check, verdict, trouble.problem, trouble.remedy)
  }
}
