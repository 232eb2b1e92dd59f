@testable import ObjectStore

extension Surroundings {
  /// Surroundings of these variables and files.
  static func made(
    _ environment: [String: String] = [:], files: [String: String] = [:]
  ) -> Surroundings {
    Surroundings(environment: environment) { path throws(FileFailure) in
      guard let text = files[path] else { throw FileFailure("does not exist") }
      return Array(text.utf8)
    }
  }
}

/// What `body` returned, or the sentence that it threw.
func outcome<Value>(_ body: () throws(CredentialFailure) -> Value) -> Result<
  Value, CredentialFailure
> {
  Result(catching: body)
}

extension Result where Failure == CredentialFailure {
  /// The sentence, where it is a failure.
  var sentence: String? {
    if case .failure(let failure) = self { return failure.description }
    return nil
  }
}
