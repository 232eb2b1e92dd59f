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

  // MARK: Files and secrets

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

  /// The secret that `key` or its file holds; nil where neither is set or there is a mistake.
  mutating func secret(_ key: SecretKey, host: String? = nil) -> Secret? {
    guard let (read, found) = secretBytes(key, host: host) else { return nil }
    var bytes = read
    return secret(from: &bytes, key, found)
  }

  /// The secrets of a key that is a list, one a line where they come from a file.
  mutating func secrets(_ key: SecretKey) -> [Secret] {
    guard let level = source.find(key) else { return [] }
    var lists: [[UInt8]] = []
    let found: Source.Found
    if let value = level.value, level.file == nil {
      guard let texts = value.raw.texts else {
        fail(value, "this must be \(key.entry.allowed)")
        return []
      }
      lists = texts.map { Array($0.utf8) }
      found = value
    } else {
      guard let (bytes, file) = secretBytes(key) else { return [] }
      lists = bytes.split { $0 == 0x0a || $0 == 0x0d }.map(Array.init)
      found = file
    }
    guard !lists.isEmpty else {
      fail(found, "this holds no secret: take it away, or add one")
      return []
    }
    return lists.indices.compactMap { secret(from: &lists[$0], key, found, number: $0 + 1) }
  }

  private mutating func secretBytes(
    _ key: SecretKey, host: String? = nil
  ) -> ([UInt8], Source.Found)? {
    guard let level = source.find(key, host: host) else { return nil }
    if let value = level.value, level.file != nil {
      fail(value, "\(key.entry.name) and \(key.fileEntry.name) are both set: keep one")
      return nil
    }
    if let value = level.value {
      guard let text = value.raw.text else {
        fail(value, "this must be \(key.entry.allowed)")
        return nil
      }
      return (Array(text.utf8), value)
    }
    guard let file = level.file else { return nil }
    guard let written = file.raw.text, !written.isEmpty else {
      fail(file, "this must be \(key.fileEntry.allowed)")
      return nil
    }
    var path = written
    if case .toml = file.raw { path = FilePath.resolve(written, besides: source.file) }
    do {
      var bytes = try files.read(path)
      while let last = bytes.last, last == 0x0a || last == 0x0d { bytes.removeLast() }
      guard !bytes.isEmpty else {
        fail(file, "\(path) is empty: it must hold \(key.entry.name)")
        return nil
      }
      return (bytes, file)
    } catch {
      fail(file, "\(path) \(error.reason)")
      return nil
    }
  }

  private mutating func secret(
    from bytes: inout [UInt8], _ key: SecretKey, _ found: Source.Found, number: Int? = nil
  ) -> Secret? {
    let what = number.map { "secret \($0)" } ?? "the secret"
    guard bytes.count >= key.bytesMin else {
      fail(found, "\(what) has \(bytes.count) bytes: at least \(key.bytesMin)")
      return nil
    }
    guard bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      fail(found, "\(what) holds a blank or something else that is not visible ASCII")
      return nil
    }
    return Secret(taking: &bytes)
  }

  private mutating func fail(_ found: Source.Found, _ sentence: String) {
    mistakes.append(Mistake(place: found.place, key: found.key, sentence: sentence))
  }
}
