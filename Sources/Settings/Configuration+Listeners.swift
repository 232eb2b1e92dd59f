public import Wire

extension Configuration {
  /// The addresses of `listen` alone: for finding a slotd that runs, whatever else its file says by now.
  ///
  /// Of the parameters, see ``load(file:environment:files:)``.
  public static func listeners(
    file: String?, environment: [String: String], files: FileReader = .system
  ) throws(Mistake) -> [ListenAddress] {
    let document = try file.map { (file) throws(Mistake) in try TOMLDocument(file, by: files) }
    let variables = Variables(environment, hosts: Source.hosts(in: document))
    let source = Source(document: document, file: file, variables: variables)
    guard let found = source.find(Keys.listen.entry) else { return Keys.listen.fallback }
    do throws(Fault) {
      return try Keys.listen.form.read(found.raw)
    } catch {
      throw Mistake(place: found.place, key: found.key, sentence: error.sentence)
    }
  }
}
