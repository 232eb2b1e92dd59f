import ArgumentParser
import ObjectStore
import Reactor

/// `slotd probe`: whether a file can be uploaded, read back and deleted, as a client would.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Upload, read back and delete one small file, as a client would.",
    discussion: "Ends with 0 when all of it works, else with 1 and a sentence on stderr.")

  @OptionGroup var options: ConfigurationOptions
  @Option(help: "The upload service to try; without it, each bucket once.") var host: String?
  @Option(help: "table or json.") var format = ReportFormat.table

  func run() throws {
    let snapshot = try options.snapshot()
    let targets = try BucketTarget.chosen(host, in: snapshot)
    let transport = try Transport.started()
    let results = targets.map { target in
      (target, Probe.result(for: target, in: snapshot, over: transport))
    }
    switch format {
    case .json: Terminal.say(JSONValue.array(results.map { $1.json(of: $0) }).text)
    case .table: for (target, result) in results { Terminal.say(result.table(of: target)) }
    }
    let troubles = results.compactMap { target, result in
      result.trouble.map { "\(target.hosts[0]): \($0)" }
    }
    for trouble in troubles { Terminal.complain(trouble) }
    if !troubles.isEmpty { throw Exit.failure }
  }
}

/// How a report is printed.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case table, json
}

extension BucketTarget {
  /// The buckets that a command is about; ends where there is none of that name.
  static func chosen(_ host: String?, in snapshot: Snapshot) throws(ExitCode) -> [BucketTarget] {
    guard let host else { return all(in: snapshot) }
    guard let target = named(host, in: snapshot) else {
      throw Exit.complaining(
        "There is no upload service \(host); name one of the configuration's hosts.")
    }
    return [target]
  }
}

extension Transport {
  /// A transport for a command; ends where the system has no thread for it.
  static func started() throws(ExitCode) -> Transport {
    do throws(SystemError) {
      return try Transport(startingBy: Thread.start)
    } catch {
      throw Exit.complaining("slotd cannot start a thread: \(error).")
    }
  }
}

extension Probe {
  /// Probes a bucket through a slot of its service. Takes as long as the bucket does.
  static func result(
    for target: BucketTarget, in snapshot: Snapshot, over transport: Transport
  ) -> ProbeResult {
    do throws(Trouble) {
      let file = try ProbeFile(for: target, in: snapshot.services)
      return Probe(target.view, over: transport).run(file.slot, body: file.body)
    } catch {
      return ProbeResult(noSlot: error)
    }
  }
}
