public import Signing

/// What is known of a bucket's credentials: those that are used, where they come from, and when they are asked for again.
///
/// A value: whoever keeps the credentials of a process fresh owns one, and publishes copies. It never gives credentials up before the
/// next are there; whether they are still good is for whoever signs to see.
public struct CredentialKeeper: Sendable {
  /// Where they are looked for.
  public let chain: CredentialChain
  /// The latest that came; nil as long as none did.
  public private(set) var credentials: Credentials?
  /// When they came, in seconds since the beginning of 1970; nil as long as none did.
  public private(set) var takenAt: Int64?
  /// What the source is called, to stand behind "from"; nil as long as none was found.
  public private(set) var source: String?
  /// Why the latest attempt failed; nil where it did not.
  public private(set) var failure: CredentialFailure?
  /// Attempts that failed in a row.
  private var failures = 0
  /// When the next attempt is due, in seconds since the beginning of 1970; nil for never, unless a file changes.
  private var dueAt: Int64?
  /// The files as they were before the latest attempt.
  private var stamps: [FileStamp?] = []
  /// The files as they were at the latest look.
  private var seen: [FileStamp?] = []

  /// A keeper that knows nothing yet and is due.
  public init(_ chain: CredentialChain) {
    self.chain = chain
    dueAt = .min
  }

  /// Whether a URL can be signed with them at `now`, in seconds since the beginning of 1970.
  public func isUsable(at now: Int64) -> Bool {
    guard let credentials else { return false }
    guard let expiresAt = credentials.expiresAt else { return true }
    let (left, overflow) = expiresAt.subtractingReportingOverflow(now)
    return !overflow && left >= RefreshPlan.reservedSeconds
  }

  /// Whether there are files to look at now and then.
  public var watchesFiles: Bool { !chain.files.isEmpty }

  /// Whether credentials should be asked for at `now`, in seconds since the beginning of 1970.
  ///
  /// A file that changed counts when it stands still between two looks: the halves of a key are often written one after the other.
  public mutating func isDue(at now: Int64) -> Bool {
    if let dueAt, dueAt <= now { return true }
    let present = chain.files.map { FileStamp($0) }
    defer { seen = present }
    return present != stamps && present == seen
  }

  /// Seconds until the next attempt; nil where none is due by time.
  public func pause(at now: Int64) -> Int64? {
    dueAt.map { $0 > now ? $0.subtractingReportingOverflow(now).partialValue : 0 }
  }

  /// Looks for credentials. Without a `transport`, another machine is not asked: where that would have to be, they stay as they were.
  ///
  /// - Parameters:
  ///   - transport: what carries requests to other machines; this waits for their answers.
  ///   - now: seconds since the beginning of 1970.
  ///   - fraction: a random number from 0 to 1.
  /// - Returns: whether there is anything new to tell: other credentials, another failure, or that it is over.
  @discardableResult
  public mutating func refresh(
    over transport: Transport?, at now: Int64, fraction: Double = .random(in: 0...1)
  ) -> Bool {
    // Taken before anything is read, so that a change meanwhile is seen later.
    stamps = chain.files.map { FileStamp($0) }
    seen = stamps
    let before = (source, failure)
    do throws(CredentialFailure) {
      guard let source = try chain.source() else { throw CredentialChain.nothing }
      self.source = source.name
      guard let new = try source.credentials(chain.surroundings, over: transport) else {
        return before != (self.source, failure)
      }
      try checkEnd(of: new, from: source.name, at: now)
      return take(new, at: now, fraction) || before.0 != self.source || before.1 != nil
    } catch {
      failures += 1
      failure = error
      let pause = RefreshPlan.pause(failures: failures, fraction: fraction)
      dueAt = now.addingReportingOverflow(Int64(pause.rounded(.up))).partialValue
      return before != (source, failure)
    }
  }

  /// Throws where a session is over, or so nearly that no URL can be made with it.
  private func checkEnd(
    of new: Credentials, from source: String, at now: Int64
  ) throws(CredentialFailure) {
    guard let expiresAt = new.expiresAt else { return }
    let (left, overflow) = expiresAt.subtractingReportingOverflow(now)
    guard overflow || left < RefreshPlan.reservedSeconds else { return }
    throw CredentialFailure(
      "the session from \(source) \(left > 0 && !overflow ? "ends in \(left) s" : "has ended")",
      "see why it is not renewed, and whether this machine's clock is right")
  }

  /// Takes new credentials over; whether they are other ones.
  private mutating func take(_ new: Credentials, at now: Int64, _ fraction: Double) -> Bool {
    failure = nil
    failures = 0
    dueAt = new.expiresAt.map { expiresAt in
      let pause = RefreshPlan.pause(left: expiresAt - now, fraction: fraction)
      return now + Int64(min(pause, 1e9))
    }
    let isOther = credentials.map { !$0.isSame(as: new) } ?? true
    if isOther {
      credentials = new
      takenAt = now
    }
    return isOther
  }
}
