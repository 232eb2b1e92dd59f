/// Reads keys out of a source, each by its own form, and collects what is wrong instead of stopping at it.
struct Reading {
  let source: Source
  let files: FileReader
  private(set) var mistakes: [Mistake] = []
  private(set) var notes: [Note] = []

  init(_ source: Source, files: FileReader) {
    self.source = source
    self.files = files
    mistakes = source.unknownKeys() + source.variables.mistakes
  }

  /// The value of `key`; its default where it is not set or is a mistake.
  mutating func value<Value>(_ key: Key<Value>, host: String? = nil) -> Value {
    guard let found = source.find(key.entry, host: host) else { return key.fallback }
    do {
      return try key.form.read(found.raw)
    } catch {
      mistakes.append(Mistake(place: found.place, key: found.key, sentence: error.sentence))
      return key.fallback
    }
  }

  /// Whether anything sets `entry`.
  func isSet(_ entry: KeyEntry, host: String? = nil) -> Bool {
    source.find(entry, host: host) != nil
  }

  /// Adds a mistake at what sets `entry`, or where nothing does, at the host's section.
  mutating func mistake(_ entry: KeyEntry, host: String? = nil, _ sentence: String) {
    mistakes.append(remark(entry, host: host, sentence))
  }

  /// Adds a note at what sets `entry`.
  mutating func note(_ entry: KeyEntry, host: String? = nil, _ sentence: String) {
    notes.append(remark(entry, host: host, sentence))
  }

  /// Adds a mistake about a host as a whole.
  mutating func mistake(host: String, _ sentence: String) {
    let path = TOMLPath(["hosts", host])
    mistakes.append(
      Mistake(place: source.place(path), key: path.description, sentence: sentence))
  }

  /// Adds a mistake that no line is to blame for.
  mutating func mistake(_ sentence: String) {
    mistakes.append(Mistake(place: .whole, key: "", sentence: sentence))
  }

  private func remark(_ entry: KeyEntry, host: String?, _ sentence: String) -> Mistake {
    if let found = source.find(entry, host: host) {
      return Mistake(place: found.place, key: found.key, sentence: sentence)
    }
    let path = Source.path(entry, host: host)
    let isInFile = source.document.map { host == nil || Source.hosts(in: $0).contains(host ?? "") }
    let place = isInFile == true ? source.place(path) : .variable(entry.variable)
    return Mistake(place: place, key: path.description, sentence: sentence)
  }

  // MARK: Files

  /// The path that `key` holds, completed with the configuration file's directory.
  mutating func path(_ key: Key<String?>, host: String? = nil) -> String? {
    let path = value(key, host: host)
    // A variable's path is the caller's: it starts where the process does.
    if case .variable? = source.find(key.entry, host: host)?.place { return path }
    return path.map { FilePath.resolve($0, besides: source.file) }
  }

  /// Checks that a file which something else will open can be read.
  mutating func checkReadable(_ path: String, _ entry: KeyEntry, host: String?) {
    do {
      _ = try files.read(path)
    } catch {
      mistake(entry, host: host, "\(path) \(error.reason)")
    }
  }

  /// Adds a mistake at what was found.
  mutating func fail(_ found: Source.Found, _ sentence: String) {
    mistakes.append(Mistake(place: found.place, key: found.key, sentence: sentence))
  }
}
