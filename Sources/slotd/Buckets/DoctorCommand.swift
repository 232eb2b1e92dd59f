import ArgumentParser
import ObjectStore
import Slots

/// `slotd doctor`: what a bucket really enforces, and what to change.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Find out what the bucket enforces, and what to change.",
    discussion: """
      Uploads some small files in right ways and in wrong ones, and deletes them again. Ends with 1 where something is bad, else with 0.
      """)

  @OptionGroup var options: ConfigurationOptions
  @Option(help: "The upload service to look at; without it, each bucket once.") var host: String?
  @Option(help: "A web client, such as https://chat.example.org; may be given more than once.")
  var origin: [String] = []
  @Option(help: "table or json.") var format = ReportFormat.table

  func run() throws {
    let snapshot = try options.snapshot()
    let targets = try BucketTarget.chosen(host, in: snapshot)
    let transport = try Transport.started()
    let reports = targets.map { target in
      let probe = Probe.result(for: target, in: snapshot, over: transport)
      var doctor = Doctor(
        snapshot.services.all[target.number].presigner, target.view, origins: origin,
        over: transport)
      doctor.examine(after: probe)
      return (target, doctor.findings)
    }
    switch format {
    case .json: Terminal.say(JSONValue.array(reports.map(Self.json)).text)
    case .table:
      for (target, findings) in reports {
        Terminal.say("\(target.hosts.joined(separator: ", ")) at \(target.view.url)")
        Terminal.say(Self.table(findings))
      }
    }
    if reports.contains(where: { $1.contains { $0.verdict == .bad } }) { throw Exit.failure }
  }

  private static func json(_ target: BucketTarget, _ findings: [Finding]) -> JSONValue {
    .object([
      ("hosts", .array(target.hosts.map { .string($0) })),
      ("bucket", .string(target.view.url)),
      (
        "findings",
        .array(
          findings.map { finding in
            .object([
              ("check", .string(finding.check)), ("verdict", .string(finding.verdict.rawValue)),
              ("seen", .string(finding.seen)), ("remedy", finding.remedy.map { .string($0) }),
            ])
          })
      ),
    ])
  }

  /// A row a finding, and below it what to do, if something is.
  private static func table(_ findings: [Finding]) -> String {
    let width = findings.map(\.check.count).max() ?? 0
    return findings.map { finding in
      let name = finding.check + String(repeating: " ", count: width - finding.check.count)
      let verdict = finding.verdict.rawValue
      let padding = String(repeating: " ", count: max(8 - verdict.count, 1))
      let indent = String(repeating: " ", count: width + 12)
      let remedy = finding.remedy.map { "\n\(indent)→ \($0)" } ?? ""
      return "  \(name)  \(verdict)\(padding)\(finding.seen)\(remedy)"
    }.joined(separator: "\n")
  }
}
