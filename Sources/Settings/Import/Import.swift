/// The upload settings of another server's configuration as slotd's own.
///
/// ```
/// switch Import.read(text, named: "mongooseim.toml") {
/// case .success(let imported): print(imported.text)
/// case .failure(let mistakes): print(mistakes)
/// }
/// ```
public struct Import: Sendable {
  /// A configuration that loads without mistakes; it holds the secrets that the other file held.
  public let text: String
  /// Each setting that changes its meaning or has none here, at its line of the other file; the text has the same as
  /// comments.
  public let notes: [Note]

  /// Reads `mod_http_upload` out of a MongooseIM configuration (TOML: the whole file, its section, or the keys alone),
  /// or `mod_s3_upload` out of one of ejabberd (YAML).
  ///
  /// A name that ends in `.toml`, `.yml` or `.yaml` says which it is; without such a name, YAML is tried where the text
  /// is not TOML. What could not be a configuration of slotd is a failure.
  public static func read(_ text: String, named file: String) -> Result<Import, Mistakes> {
    let name = file.lowercased()
    if name.hasSuffix(".yml") || name.hasSuffix(".yaml") { return ejabberd(text, file) }
    if !name.hasSuffix(".toml"), (try? TOMLDocument(text)) == nil { return ejabberd(text, file) }
    return mongooseIM(text, file)
  }

  private static func mongooseIM(_ text: String, _ file: String) -> Result<Import, Mistakes> {
    do {
      return finish(MongooseIMFile(try TOMLDocument(text)).services(), file, "mod_http_upload")
    } catch {
      return .failure(Mistakes(all: [at(error.place.line, file, error.sentence)]))
    }
  }

  private static func ejabberd(_ text: String, _ file: String) -> Result<Import, Mistakes> {
    do {
      return finish(EjabberdFile(try YAMLNode(text)).services(), file, "mod_s3_upload")
    } catch {
      return .failure(Mistakes(all: [at(error.place.line, file, error.sentence)]))
    }
  }

  /// Writes the services down and loads what was written: it is to pass without a mistake.
  private static func finish(
    _ services: [ImportedService], _ file: String, _ module: String
  ) -> Result<Import, Mistakes> {
    guard !services.isEmpty else {
      let sentence = "\(file) configures no \(module), so there is nothing to import"
      return .failure(Mistakes(all: [Mistake(place: .whole, key: "", sentence: sentence)]))
    }
    var written: [ImportedService] = []
    var notes: [Note] = []
    var served: Set<String> = []
    for service in services {
      var service = service
      if let domain = service.domain, !served.insert(domain).inserted {
        service.set(
          "domains", .list([]),
          remark:
            "another section serves the same users already: requests for this one must name it")
      }
      notes += service.remarks.map { at($0.line, file, $0.sentence) }
      if let other = written.first(where: { $0.host.lowercased() == service.host.lowercased() }) {
        let sentence = "\(service.host) stands at line \(other.line) already, which is what counts"
        notes.append(at(service.line, file, sentence))
      } else {
        written.append(service)
      }
    }
    let text = head + written.map(\.text).joined(separator: "\n")
    guard case .failure(let mistakes) = Configuration.load(text: text, named: file).result else {
      return .success(Import(text: text, notes: notes.sorted(by: Mistake.inOrder)))
    }
    let all = mistakes.all.map { mistake in
      let owner = written.first { "\(mistake.key).".hasPrefix("\($0.path).") } ?? written[0]
      let key = String(mistake.key.dropFirst(owner.path.count + 1))
      return at(owner.line(of: key), file, "\(key.isEmpty ? "" : "\(key): ")\(mistake.sentence)")
    }
    return .failure(Mistakes(all: all.sorted(by: Mistake.inOrder)))
  }

  private static let head = """
    listen = ["127.0.0.1:5480"]


    """

  private static func at(_ line: Int, _ file: String, _ sentence: String) -> Mistake {
    Mistake(place: .line(file: file, line: line, column: 1), key: "", sentence: sentence)
  }
}
