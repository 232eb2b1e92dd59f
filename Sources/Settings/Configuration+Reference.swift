extension Configuration {
  /// Every key with its variable, what it may be, its default and its meaning, for reading in a terminal.
  public static let reference: String = {
    let groups: [(title: String, entries: [KeyEntry])] = [
      (
        "At the top of the file",
        Keys.all.filter { $0.scope == .top && !$0.name.hasPrefix("embedded.") }
      ),
      ("The embedded bucket", Keys.all.filter { $0.name.hasPrefix("embedded.") }),
      (
        #"In a section [hosts."upload.@HOST@"] for each upload service"#,
        Keys.all.filter { $0.scope == .host }
      ),
    ]
    let parts = groups.map { group in
      ([group.title + "\n"] + group.entries.map(Self.lines)).joined(separator: "\n")
    }
    return parts.joined(separator: "\n") + Self.variables
  }()

  private static func lines(_ entry: KeyEntry) -> String {
    let fallback = entry.fallback.map { "; default \($0)" } ?? ""
    let variable = entry.hasVariable ? "\(entry.variable), " : ""
    return """
      \(entry.name)
          \(variable)\(entry.allowed)\(fallback)
          \(entry.meaning)

      """
  }

  private static let variables = """

    A variable wins over the file, an empty one counts as none, and a list in one has commas between its parts.
    A host's variable holds for every host; for one alone, the host's name comes first in capitals, with _ for
    all but letters and digits: SLOTD_HOST_UPLOAD_EXAMPLE_ORG_TOKEN_BYTES. Where the file has no host, variables of
    hosts make the one that is called upload.@HOST@.

    """
}
