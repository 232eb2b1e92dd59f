/// Why there are no credentials, or no new ones: a sentence for the operator that says what is wrong and what to do.
public struct CredentialFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let problem: String
  /// What to do.
  public let remedy: String

  /// A failure with this sentence.
  public init(_ problem: String, _ remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }

  /// What is wrong and what to do.
  public var description: String { "\(problem); \(remedy)" }

  init(_ error: TransferError, asking whom: String) {
    self.init("\(whom) gave no answer: \(error.problem)", error.remedy)
  }
}

extension String {
  /// A text that somebody else wrote, fit to stand in a sentence: on one line, and not too long.
  var asQuotation: String {
    let plain = unicodeScalars.prefix(200).map { scalar in
      scalar.value < 0x20 || scalar.value == 0x7F ? " " : Character(scalar)
    }
    return String(plain) + (unicodeScalars.count > 200 ? "…" : "")
  }
}
