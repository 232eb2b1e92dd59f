import ArgumentParser
import Settings

/// `slotd check`: whether the configuration is good.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Validate the configuration and print every mistake with its place.",
    discussion: "Ends with 0 when it is good, else with 1.")

  @OptionGroup var options: ConfigurationOptions

  @Flag(help: "Print every key with its variable, type, default and meaning instead.")
  var explain = false

  func run() throws {
    if explain { return Terminal.say(Configuration.reference) }
    do throws(ExitCode) {
      _ = try options.snapshot()
    } catch {
      // Every other command ends with 78; for this one it is the answer to the question.
      throw Exit.failure
    }
    Terminal.say("\(options.path ?? "the environment"): good")
  }
}
