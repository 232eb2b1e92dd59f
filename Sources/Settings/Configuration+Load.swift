internal import Wire

extension Configuration {
  /// What loading came to.
  public struct Loaded: Sendable {
    /// The configuration, or everything that is wrong with it.
    public let result: Result<Configuration, Mistakes>
    /// What an operator should know and need not change.
    public let notes: [Note]
  }

  /// Loads the configuration from a TOML file, where there is one, and the environment, which wins over the file.
  ///
  /// Every mistake is found in one go, save that a file which is not TOML hides those behind its first syntax error.
  /// - Parameters:
  ///   - file: the path of the file; relative paths of other files inside it start at its directory. nil for none.
  ///   - environment: the process's variables, of which those that begin with `SLOTD_` count.
  ///   - files: how files are read. Default: from the file system.
  public static func load(
    file: String?, environment: [String: String], files: FileReader = .system
  ) -> Loaded {
    do throws(Mistake) {
      let document = try file.map { (file) throws(Mistake) in try TOMLDocument(file, by: files) }
      return load(document: document, file: file, environment: environment, files: files)
    } catch {
      return failed(error)
    }
  }

  /// Loads the configuration from TOML text that came from somewhere else; `file` is what messages call it.
  public static func load(
    text: String, named file: String, environment: [String: String] = [:],
    files: FileReader = .system
  ) -> Loaded {
    do throws(Mistake) {
      let document = try TOMLDocument(text, named: file)
      return load(document: document, file: file, environment: environment, files: files)
    } catch {
      return failed(error)
    }
  }

  private static func failed(_ mistake: Mistake) -> Loaded {
    Loaded(result: .failure(Mistakes(all: [mistake])), notes: [])
  }

  private static func load(
    document: TOMLDocument?, file: String?, environment: [String: String], files: FileReader
  ) -> Loaded {
    var hosts = Source.hosts(in: document)
    var variables = Variables(environment, hosts: hosts)
    if hosts.isEmpty && variables.setsHosts {
      // The environment alone is enough for the usual service.
      hosts = ["upload.@HOST@"]
      variables = Variables(environment, hosts: hosts)
    }
    let source = Source(document: document, file: file, variables: variables)
    var reading = Reading(source, files: files)
    let configuration = reading.configuration(hosts: hosts)
    let notes = reading.notes.sorted(by: Mistake.inOrder)
    guard reading.mistakes.isEmpty else {
      let mistakes = Mistakes(all: reading.mistakes.sorted(by: Mistake.inOrder))
      return Loaded(result: .failure(mistakes), notes: notes)
    }
    return Loaded(result: .success(configuration), notes: notes)
  }
}

extension TOMLDocument {
  /// Reads the file at a path.
  init(_ file: String, by files: FileReader) throws(Mistake) {
    let text: String
    do throws(FileReader.Failure) {
      text = try files.text(file)
    } catch {
      throw Mistake(place: .whole, key: "", sentence: "\(file) \(error.reason)")
    }
    try self.init(text, named: file)
  }

  /// Reads TOML text; `file` is what messages call it.
  fileprivate init(_ text: String, named file: String) throws(Mistake) {
    do throws(SyntaxFault) {
      try self.init(text)
    } catch {
      let place = Mistake.Place.line(
        file: file, line: error.place.line, column: error.place.column)
      throw Mistake(place: place, key: "", sentence: error.sentence)
    }
  }
}

extension Reading {
  /// Reads everything; what it answers counts only when no mistake was found.
  mutating func configuration(hosts: [String]) -> Configuration {
    let listen = value(Keys.listen)
    let services = self.services(hosts)
    let usesEmbedded = services.contains { $0.backend == .embedded }
    let embedded = usesEmbedded ? embeddedBucket(besides: listen) : nil
    let tokens = secrets(Keys.tokens)
    checkListeners(listen, tokens: tokens)
    return Configuration(
      listen: listen, workers: value(Keys.workers), tokens: tokens,
      connectionsMax: value(Keys.connectionsMax), headTimeoutSeconds: value(Keys.headTimeout),
      bodyTimeoutSeconds: value(Keys.bodyTimeout), idleTimeoutSeconds: value(Keys.idleTimeout),
      writeTimeoutSeconds: value(Keys.writeTimeout),
      shutdownTimeoutSeconds: value(Keys.shutdownTimeout),
      shutdownDelaySeconds: value(Keys.shutdownDelay), pidFile: path(Keys.pidFile),
      coreDumps: value(Keys.coreDumps),
      logFormat: value(Keys.logFormat), logLevel: value(Keys.logLevel),
      logUserKey: secret(Keys.logUserKey),
      statusPage: value(Keys.statusPage) ?? listen.allSatisfy(\.isLoopback),
      probeIntervalSeconds: value(Keys.probeInterval), probeFailures: value(Keys.probeFailures),
      refuseWhenBucketDown: value(Keys.refuseWhenBucketDown), embedded: embedded,
      services: services)
  }

  /// Slots are upload rights: whoever can reach the listener gets them unless a token stands before it.
  private mutating func checkListeners(_ listen: [ListenAddress], tokens: [Secret]) {
    guard tokens.isEmpty, source.find(Keys.tokens) == nil else { return }
    for address in listen where !address.isLocal {
      mistake(
        Keys.listen.entry,
        "\(address) can be reached from other machines, and without a token anyone there could upload: "
          + "set tokens_file, or listen on 127.0.0.1, [::1] or a unix socket")
    }
  }

  private mutating func embeddedBucket(besides listen: [ListenAddress]) -> EmbeddedBucketSettings {
    let address = value(Keys.embeddedListen)
    if listen.contains(address) {
      mistake(Keys.embeddedListen.entry, "\(address) is taken by listen: choose another port")
    }
    let directory = path(Keys.embeddedDirectory)
    if directory == nil && !isSet(Keys.embeddedDirectory.entry) {
      mistake(
        Keys.embeddedDirectory.entry,
        "a host has backend = \"embedded\", so this must name the directory for its files")
    }
    var publicURL = value(Keys.embeddedPublicURL)
    if publicURL == nil && !isSet(Keys.embeddedPublicURL.entry) {
      // Port 0 becomes another at each start, and a unix socket has none.
      let hasPort = address != address.with(port: 0)
      if !hasPort || address.isWildcard {
        mistake(
          Keys.embeddedPublicURL.entry,
          "clients cannot reach \(address) by that name: set this to the URL under which they can, "
            + "or embedded.listen to an address and port of their own")
      }
      publicURL = "http://\(address)"
    }
    if let url = publicURL, isSet(Keys.embeddedPublicURL.entry) {
      noteIfPlain(url, Keys.embeddedPublicURL.entry)
    }
    return EmbeddedBucketSettings(
      directory: directory ?? "", listen: address, publicURL: Self.withoutSlash(publicURL ?? ""),
      anonymousGet: value(Keys.embeddedAnonymousGet),
      uploadStatus: value(Keys.embeddedUploadStatus),
      maxObjectSize: value(Keys.embeddedMaxObjectSize),
      corsOrigins: value(Keys.embeddedCORSOrigins))
  }

  private static func withoutSlash(_ url: String) -> String {
    url.hasSuffix("/") ? String(url.dropLast()) : url
  }

  /// Notes a URL of plain http that clients elsewhere are to use.
  mutating func noteIfPlain(_ url: String, _ entry: KeyEntry, host: String? = nil) {
    guard let address = try? WebAddress(url), !address.isSecure, !address.isLoopback else { return }
    note(
      entry, host: host,
      "clients get URLs of plain http here, which Gajim and Dino refuse and anyone on the way can read: use https"
    )
  }
}
