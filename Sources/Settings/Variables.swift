/// The environment variables that set keys.
struct Variables {
  /// A variable and what it holds.
  struct Variable: Equatable {
    var name: String
    var value: String
  }

  /// Keys of the top, and keys for every host, by the key's name.
  private(set) var general: [String: Variable] = [:]
  /// Keys for one host, by the host's section and then the key's name.
  private(set) var ofHost: [String: [String: Variable]] = [:]
  private(set) var mistakes: [Mistake] = []

  static let hostPrefix = "SLOTD_HOST_"

  /// Sorts the variables of `environment` that begin with `SLOTD_`; `hosts` are the names of the file's sections.
  ///
  /// An empty variable counts as none, because that is what `${NAME:-}` leaves behind. Names that a cluster makes for a
  /// service that is called slotd (`SLOTD_PORT_5480_TCP_ADDR`) are nobody's mistake and are passed over.
  init(_ environment: [String: String], hosts: [String]) {
    let byVariable = Dictionary(
      Keys.all.filter(\.hasVariable).map { ($0.variable, $0.name) }, uniquingKeysWith: { $1 })
    for (name, value) in environment where name.hasPrefix(KeyEntry.variablePrefix) {
      if value.isEmpty || Self.isServiceLink(name) { continue }
      let variable = Variable(name: name, value: value)
      if let key = byVariable[name] {
        general[key] = variable
      } else if name.hasPrefix(Self.hostPrefix) {
        assign(variable, hosts: hosts)
      } else {
        let nearest = Suggestion.nearest(to: name, among: byVariable.keys.sorted())
        report(
          name, "no setting has this variable" + (nearest.map { "; did you mean \($0)?" } ?? ""))
      }
    }
  }

  /// Whether a key for any host is set.
  var setsHosts: Bool {
    Keys.all.contains { $0.scope == .host && $0.hasVariable && general[$0.name] != nil }
  }

  private mutating func assign(_ variable: Variable, hosts: [String]) {
    let entries = Keys.all.filter { $0.scope == .host && $0.hasVariable }
    var matches: [(host: String, key: String)] = []
    for host in hosts {
      let prefix = "\(Self.hostPrefix)\(KeyEntry.upper(host))_"
      let rest = variable.name.dropFirst(prefix.count)
      guard variable.name.hasPrefix(prefix) else { continue }
      for entry in entries where KeyEntry.upper(entry.name) == rest {
        matches.append((host, entry.name))
      }
    }
    switch matches.count {
    case 1: ofHost[matches[0].host, default: [:]][matches[0].key] = variable
    case 0:
      let known = hosts.map { "\(Self.hostPrefix)\(KeyEntry.upper($0))_" }
      let all = known.flatMap { prefix in entries.map { prefix + KeyEntry.upper($0.name) } }
      let nearest = Suggestion.nearest(to: variable.name, among: all)
      report(
        variable.name,
        nearest.map { "no setting of a host has this variable; did you mean \($0)?" }
          ?? (known.isEmpty
            ? "there is no section [hosts.\"…\"] that this variable could belong to"
            : "this variable fits no host: the names begin with \(known.joined(separator: ", "))"))
    default:
      report(
        variable.name,
        "this variable fits several hosts (\(matches.map(\.host).joined(separator: ", "))): use the file"
      )
    }
  }

  private mutating func report(_ name: String, _ sentence: String) {
    mistakes.append(Mistake(place: .variable(name), key: "", sentence: sentence))
  }

  /// Whether Kubernetes made the variable for a service whose name begins with slotd.
  static func isServiceLink(_ name: String) -> Bool {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    for (i, part) in parts.enumerated() where i > 0 {
      let rest = parts[(i + 1)...]
      if part == "SERVICE", rest.first == "HOST" || rest.first == "PORT" { return true }
      guard part == "PORT" else { continue }
      if rest.isEmpty { return true }
      let protocols: [Substring] = ["TCP", "UDP", "SCTP"]
      if let number = rest.first, UInt16(number) != nil, let kind = rest.dropFirst().first,
        protocols.contains(kind)
      {
        return true
      }
    }
    return false
  }
}
