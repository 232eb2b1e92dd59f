/// What the process finds around it: where credentials come from that stand in no configuration.
public struct Surroundings: Sendable {
  /// Why a file could not be read, as the end of a sentence: "does not exist".
  public struct FileFailure: Error, Sendable {
    let reason: String

    /// A failure that says `reason`.
    public init(_ reason: String) { self.reason = reason }
  }

  private let environment: [String: String]
  /// Reads the whole file at a path.
  let read: @Sendable (_ path: String) throws(FileFailure) -> [UInt8]

  /// Surroundings with these variables, and with files that `read` reads.
  public init(
    environment: [String: String],
    read: @escaping @Sendable (_ path: String) throws(FileFailure) -> [UInt8]
  ) {
    self.environment = environment
    self.read = read
  }

  /// The value of a variable; nil where it is not set, or to nothing, which is what `${NAME:-}` leaves behind.
  subscript(_ variable: String) -> String? {
    environment[variable].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// `path` with the home directory in the place of a `~` in front; nil where that is wanted and not known.
  func completed(_ path: String) -> String? {
    guard path.hasPrefix("~/") else { return path }
    return self["HOME"].map { $0 + path.dropFirst() }
  }

  /// The text of a small file without the line ends behind it; throws a sentence where there is none.
  func line(in path: String, called name: String) throws(CredentialFailure) -> String {
    do throws(FileFailure) {
      let bytes = try read(path)
      guard var text = String(validating: bytes, as: UTF8.self) else {
        throw FileFailure("is not UTF-8")
      }
      while let last = text.last, last.isNewline { text.removeLast() }
      guard !text.isEmpty else { throw FileFailure("is empty") }
      return text
    } catch {
      throw CredentialFailure(
        "\(path) \(error.reason)", "see to the file, which \(name) names")
    }
  }
}
