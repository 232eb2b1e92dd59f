import ObjectStore

extension ProbeResult {
  /// The result for programs.
  func json(of target: BucketTarget) -> JSONValue {
    .object([
      ("hosts", .array(target.hosts.map { .string($0) })),
      ("bucket", .string(target.view.url)),
      ("ok", .bool(trouble == nil)),
      ("phases", phases),
      ("clock_offset", clockOffset.map { .number($0) }),
      ("trouble", trouble?.json),
    ])
  }

  /// Seconds that each phase took, by its name.
  var phases: JSONValue { .object(steps.map { ($0.phase.rawValue, .seconds($0.duration)) }) }

  /// The result for people; what is wrong is said elsewhere.
  func table(of target: BucketTarget) -> String {
    var lines = ["\(target.hosts.joined(separator: ", ")) at \(target.view.url)"]
    for step in steps {
      let name = step.phase.rawValue
      let padding = String(repeating: " ", count: max(9 - name.count, 1))
      lines.append(
        "  \(name)\(padding)\(step.trouble == nil ? "ok" : "failed")  \(step.duration.millisecondsText)"
      )
    }
    if let clockOffset {
      lines.append("  clock    \(abs(clockOffset)) s \(clockOffset < 0 ? "behind" : "ahead")")
    }
    return lines.joined(separator: "\n")
  }
}

extension Trouble {
  /// The trouble for programs.
  var json: JSONValue {
    .object([
      ("code", .string(code)), ("problem", .string(problem)), ("remedy", .string(remedy)),
    ])
  }
}
