/// One key of the configuration: its name, what it may be, its default and its meaning. Reading, the names of the
/// environment, suggestions and the reference all come from here.
struct Key<Value: Sendable>: Sendable {
  let entry: KeyEntry
  let form: Form<Value>
  /// What holds where nothing is set.
  let fallback: Value
}

/// What can be said of a key without its type.
struct KeyEntry: Sendable {
  /// Where a key stands.
  enum Scope: Sendable {
    /// At the top of the file; `embedded.…` among them.
    case top
    /// In a section `[hosts."…"]`.
    case host
  }

  let scope: Scope
  /// The dotted name inside its scope: `s3.region`.
  let name: String
  /// What the value may be, in words.
  let allowed: String
  /// The default as the reference shows it; nil where there is none.
  let fallback: String?
  let meaning: String
  /// Whether an environment variable may set it.
  var hasVariable = true

  /// The keys on the way to it, from the section it stands in.
  var path: [String] { name.split(separator: ".").map(String.init) }

  /// The variable that sets it: `SLOTD_S3_REGION`.
  var variable: String { Self.variablePrefix + Self.upper(name) }

  static let variablePrefix = "SLOTD_"

  /// `text` in upper case, with `_` for whatever a variable's name cannot hold.
  static func upper(_ text: String) -> String {
    String(
      text.uppercased().map { character in
        ("A"..."Z").contains(character) || ("0"..."9").contains(character) ? character : "_"
      })
  }
}

extension Key {
  /// A key with a default, written as a variable would have it; `form` must allow it.
  init(
    _ scope: KeyEntry.Scope, _ name: String, _ form: Form<Value>, default fallback: String,
    _ meaning: String
  ) {
    guard let value = try? form.read(.variable(fallback)) else {
      preconditionFailure("the default of \(name) is not allowed for it")
    }
    self.form = form
    self.fallback = value
    entry = KeyEntry(
      scope: scope, name: name, allowed: form.allowed, fallback: fallback, meaning: meaning)
  }

  /// A key that need not be set.
  init<Wrapped>(
    _ scope: KeyEntry.Scope, _ name: String, _ form: Form<Wrapped>, _ meaning: String,
    hasVariable: Bool = true
  ) where Value == Wrapped? {
    self.form = Form(form.allowed) { (raw) throws(Fault) in .some(try form.read(raw)) }
    fallback = nil
    entry = KeyEntry(
      scope: scope, name: name, allowed: form.allowed, fallback: nil, meaning: meaning,
      hasVariable: hasVariable)
  }
}

/// A key whose value no message ever repeats. It has a twin, `<name>_file`, that names the file which holds the value.
struct SecretKey: Sendable {
  let entry: KeyEntry
  let fileEntry: KeyEntry
  /// The least bytes of one secret.
  let bytesMin: Int

  init(
    _ scope: KeyEntry.Scope, _ name: String, bytesMin: Int = 1, isList: Bool = false,
    _ meaning: String
  ) {
    let least = bytesMin > 1 ? " of at least \(bytesMin) bytes" : ""
    let allowed = isList ? "a list of texts, each\(least)" : "a text\(least)"
    self.bytesMin = bytesMin
    entry = KeyEntry(scope: scope, name: name, allowed: allowed, fallback: nil, meaning: meaning)
    fileEntry = KeyEntry(
      scope: scope, name: "\(name)_file", allowed: "the path of a file", fallback: nil,
      meaning: "The file that holds \(name)\(isList ? ", one a line" : "").")
  }
}
