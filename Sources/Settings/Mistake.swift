/// Something in the configuration that must be changed before slotd starts with it.
///
/// ```
/// slotd.toml:12: hosts."upload.@HOST@".token_bytes: 8 is too small: at least 16
/// SLOTD_TOKEN_BYTES: 8 is too small: at least 16
/// ```
public struct Mistake: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where a setting stands.
  public enum Place: Sendable, Equatable {
    /// A line of the configuration file; lines and columns count from 1, columns in bytes.
    case line(file: String, line: Int, column: Int)
    /// An environment variable.
    case variable(String)
    /// The configuration as a whole, where no line is to blame.
    case whole
  }

  /// Where it is.
  public let place: Place
  /// The dotted path of the key as TOML writes it, or nothing where no key is to blame.
  public let key: String
  /// What is wrong and what is allowed, without any secret.
  public let sentence: String

  /// Place, key and sentence in one line.
  public var description: String {
    switch place {
    case .line(let file, let line, _):
      "\(file):\(line): \(key.isEmpty ? "" : "\(key): ")\(sentence)"
    case .variable(let name): "\(name): \(sentence)"
    case .whole: key.isEmpty ? sentence : "\(key): \(sentence)"
    }
  }
}

/// Something that an operator should know and need not change; it has the shape of a mistake.
public typealias Note = Mistake

/// Every mistake of a configuration, the file's in the order of its lines and then the environment's.
public struct Mistakes: Error, Sendable, Equatable, CustomStringConvertible {
  /// The mistakes; never none.
  public let all: [Mistake]

  /// One mistake a line.
  public var description: String { all.map(\.description).joined(separator: "\n") }
}

extension Mistake {
  /// The file's findings by line, then the environment's by name, then those of the whole.
  static func inOrder(_ left: Mistake, _ right: Mistake) -> Bool {
    func rank(_ place: Place) -> (Int, Int, Int, String) {
      switch place {
      case .line(_, let line, let column): (0, line, column, "")
      case .variable(let name): (1, 0, 0, name)
      case .whole: (2, 0, 0, "")
      }
    }
    return rank(left.place) < rank(right.place)
  }
}

/// What is wrong with one value, before it is known where the value stood.
struct Fault: Error {
  let sentence: String
  init(_ sentence: String) { self.sentence = sentence }
}
