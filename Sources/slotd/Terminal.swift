import CLinux
import Glibc

/// The process's surroundings: its environment and its standard streams.
enum Terminal {
  /// The variables of the environment; of a name that is there twice, the first counts.
  static var environment: [String: String] {
    var all: [String: String] = [:]
    // Safe: the C library keeps `environ` as an array of strings that a null ends, and nothing in slotd changes it.
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      let pair = unsafe String(cString: entry).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2, all[String(pair[0])] == nil { all[String(pair[0])] = String(pair[1]) }
      unsafe next += 1
    }
    return all
  }

  /// Whether a file is there and may be read.
  static func isReadable(_ path: String) -> Bool {
    // Safe: the string is lent for the call.
    unsafe access(path, R_OK) == 0
  }

  /// Prints a text to stdout, and what ends its last line unless the text does so itself.
  static func say(_ text: String, terminator: String = "\n") {
    write(text + terminator, to: STDOUT_FILENO)
  }

  /// Prints a line to stderr.
  static func complain(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var at = 0
    while at < bytes.count {
      let count = slotd_write(descriptor, bytes.span.extracting(droppingFirst: at))
      // Nobody can be told that stderr is closed.
      guard count > 0 else { return }
      at += count
    }
  }
}
