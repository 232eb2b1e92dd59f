import ArgumentParser
import ObjectStore
import Settings

/// `slotd check`: whether the configuration is good.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Validate the configuration and print every mistake with its place.",
    discussion: "Ends with 0 when it is good, else with 1.")

  @OptionGroup var options: ConfigurationOptions

  @Flag(help: "Print every key with its variable, type, default and meaning instead.")
  var explain = false

  func run() throws {
    if explain { return Terminal.say(Configuration.reference) }
    let snapshot: Snapshot
    do throws(ExitCode) {
      snapshot = try options.snapshot(credentials: .local)
    } catch {
      // Every other command ends with 78; for this one it is the answer to the question.
      throw Exit.failure
    }
    let entries = snapshot.keyring.entries
    for case (let entry, let failure?) in entries.map({ ($0, $0.keeper.failure) }) {
      Terminal.complain("\(entry.name): \(failure)")
    }
    guard entries.allSatisfy({ $0.keeper.failure == nil }) else { throw Exit.failure }
    Terminal.say("\(options.path ?? "the environment"): good")
    for entry in entries {
      Terminal.say("\(entry.name): credentials from \(entry.keeper.source ?? "nowhere")")
    }
  }
}
