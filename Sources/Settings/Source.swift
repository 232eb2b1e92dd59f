/// Everything that was written down: the file's text and the environment, searched together, the environment first.
struct Source {
  /// A value, and what a message calls it.
  struct Found {
    var raw: Raw
    var place: Mistake.Place
    var key: String
  }

  let document: TOMLDocument?
  let file: String?
  let variables: Variables

  /// Where a key of the file stands.
  func place(_ path: TOMLPath) -> Mistake.Place {
    guard let document, let file else { return .whole }
    let place = document.place(of: path)
    return .line(file: file, line: place.line, column: place.column)
  }

  /// What sets `entry`, for `host` where its scope is a host.
  func find(_ entry: KeyEntry, host: String? = nil) -> Found? {
    levels(entry, host: host).lazy.compactMap { $0 }.first
  }

  /// What sets a secret or the file that holds it, taken together: whichever stands highest hides both below.
  func find(_ key: SecretKey, host: String? = nil) -> (value: Found?, file: Found?)? {
    zip(levels(key.entry, host: host), levels(key.fileEntry, host: host))
      .first { $0 != nil || $1 != nil }
      .map { (value: $0, file: $1) }
  }

  /// What sets `entry` in the variables of one host, the variables of all, and the file.
  private func levels(_ entry: KeyEntry, host: String?) -> [Found?] {
    let path = Self.path(entry, host: host)
    let own = host.flatMap { variables.ofHost[$0]?[entry.name] }
    let general = entry.hasVariable ? variables.general[entry.name] : nil
    let inFile = value(at: path).map { value in
      Found(raw: .toml(value), place: place(path), key: path.description)
    }
    return [own, general].map { variable in
      variable.map { variable in
        Found(
          raw: .variable(variable.value), place: .variable(variable.name), key: path.description)
      }
    } + [inFile]
  }

  static func path(_ entry: KeyEntry, host: String?) -> TOMLPath {
    let section = entry.scope == .host ? host.map { ["hosts", $0] } ?? [] : []
    return TOMLPath(section + entry.path)
  }

  private func value(at path: TOMLPath) -> TOMLDocument.Value? {
    guard let document else { return nil }
    var value = TOMLDocument.Value.table(document.root)
    for part in path.parts {
      guard case .table(let table) = value, let next = table[part] else { return nil }
      value = next
    }
    return value
  }
}

// MARK: - What the file says that nobody asked for

extension Source {
  /// The names of the file's sections `[hosts."…"]`, in the order of their lines.
  static func hosts(in document: TOMLDocument?) -> [String] {
    guard let document, case .table(let hosts)? = document.root["hosts"] else { return [] }
    return hosts.keys.sorted { left, right in
      let (a, b) = (place(of: left, in: document), place(of: right, in: document))
      return (a.line, a.column) < (b.line, b.column)
    }
  }

  private static func place(of host: String, in document: TOMLDocument) -> TextPlace {
    document.place(of: TOMLPath(["hosts", host]))
  }

  /// A mistake for every key of the file that is none of slotd's, and every value where a table should be.
  func unknownKeys() -> [Mistake] {
    guard let document else { return [] }
    var mistakes: [Mistake] = []
    var root = document.root
    let hosts = root.removeValue(forKey: "hosts")
    check(root, in: .top, at: TOMLPath(), named: "", &mistakes)
    guard let hosts else { return mistakes }
    let example = #"write a section such as [hosts."upload.@HOST@"]"#
    guard case .table(let sections) = hosts else {
      mistakes.append(mistake(TOMLPath(["hosts"]), "this must be a table: \(example)"))
      return mistakes
    }
    for (name, section) in sections {
      let path = TOMLPath(["hosts", name])
      guard case .table(let keys) = section else {
        mistakes.append(mistake(path, "this must be a table: \(example)"))
        continue
      }
      // [hosts.upload.example.org] makes nested tables of a name that wanted quotes.
      if keys.count == 1, let (inner, value) = keys.first, case .table = value,
        !Keys.all.contains(where: { $0.scope == .host && $0.path[0] == inner })
      {
        mistakes.append(mistake(path, #"a host's name must stand in quotes: \#(example)"#))
        continue
      }
      check(keys, in: .host, at: path, named: "", &mistakes)
    }
    return mistakes
  }

  private func check(
    _ table: [String: TOMLDocument.Value], in scope: KeyEntry.Scope, at path: TOMLPath,
    named prefix: String, _ mistakes: inout [Mistake]
  ) {
    for (key, value) in table {
      let (name, path) = (prefix + key, path.appending(key))
      let isGroup = Keys.all.contains { $0.scope == scope && $0.name.hasPrefix("\(name).") }
      if key.contains(".") {
        // "s3.region" in quotes is one key with a dot in it.
        let isKnown = Keys.all.contains { $0.scope == scope && $0.name == name }
        mistakes.append(
          mistake(
            path,
            isKnown
              ? "write \(name) without the quotes" : Suggestion.sentence(for: name, in: scope)))
      } else if isGroup {
        if case .table(let inner) = value {
          check(inner, in: scope, at: path, named: "\(name).", &mistakes)
        } else {
          mistakes.append(mistake(path, "this must be a table: its keys are \(name).…"))
        }
      } else if !Keys.all.contains(where: { $0.scope == scope && $0.name == name }) {
        mistakes.append(mistake(path, Suggestion.sentence(for: name, in: scope)))
      }
    }
  }

  private func mistake(_ path: TOMLPath, _ sentence: String) -> Mistake {
    Mistake(place: place(path), key: path.description, sentence: sentence)
  }
}
