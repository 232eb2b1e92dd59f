/// A value as it was found, before its key says what it must be.
enum Raw {
  /// From the file.
  case toml(TOMLDocument.Value)
  /// From an environment variable.
  case variable(String)

  var text: String? {
    switch self {
    case .toml(.text(let text)): text
    case .variable(let text): text
    case .toml: nil
    }
  }

  var integer: Int? {
    switch self {
    case .toml(.integer(let number)): number
    case .variable(let text): Int(text)
    case .toml: nil
    }
  }

  var boolean: Bool? {
    switch self {
    case .toml(.boolean(let truth)): truth
    case .variable(let text): Bool(text)
    case .toml: nil
    }
  }

  /// A list of texts; in a variable, commas stand between them.
  var texts: [String]? {
    switch self {
    case .toml(.list(let values)):
      let texts = values.compactMap { if case .text(let text) = $0 { text } else { nil } }
      return texts.count == values.count ? texts : nil
    case .toml: return nil
    case .variable(let text):
      return text.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
    }
  }

  /// The value as a sentence can name it, short and on one line; not for secrets.
  var shown: String {
    switch self {
    case .toml(.text(let text)), .variable(let text): text.shown
    case .toml(.integer(let number)): String(number)
    case .toml(.boolean(let truth)): String(truth)
    case .toml(.list): "a list"
    case .toml(.table): "a table"
    case .toml(.other(let kind)): kind
    }
  }
}

extension String {
  /// The text between quotes, its middle left out where it is long, control characters escaped.
  var shown: String {
    TOMLText.quoted(count <= 60 ? self : "\(prefix(40))…\(suffix(15))")
  }

  /// The text without blanks, tabs and line ends around it.
  var trimmed: String {
    let blank: Set<Character> = [" ", "\t", "\n", "\r", "\r\n"]
    var rest = self[...]
    while let first = rest.first, blank.contains(first) { rest.removeFirst() }
    while let last = rest.last, blank.contains(last) { rest.removeLast() }
    return String(rest)
  }
}
