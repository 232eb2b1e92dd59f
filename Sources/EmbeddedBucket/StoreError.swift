public import Reactor

/// Why a directory cannot be used as a bucket; its description is the sentence for the operator.
public struct StoreError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Error, Equatable {
    /// Another process has the bucket open.
    case inUse
    /// There are other files in it.
    case foreign
    /// It was laid out by a later version.
    case layout
    /// The rules for web pages in it cannot be read.
    case cors
    case system(SystemError)
  }

  /// The directory, as it was given.
  public let directory: String
  /// What is wrong.
  public let reason: Reason

  /// What is wrong and what to do.
  public var description: String {
    let quoted = "the bucket directory \"\(directory)\""
    return switch reason {
    case .inUse:
      "\(quoted) is in use by another process; stop that one or name another directory"
    case .foreign:
      "\(quoted) holds files that are no bucket's; name an empty directory, or one that is not there yet"
    case .layout:
      "\(quoted) was not laid out by this version; use the one that did, or name another directory"
    case .cors:
      "the file \"cors\" in \(quoted) is no CORS document; remove it, and the bucket is open to all origins again"
    case .system(let error):
      "\(quoted) cannot be used (\(error)); check that its parent exists and that it belongs to the user that runs slotd"
    }
  }
}
