import ArgumentParser
import Meters

/// `slotd serve`: the service itself.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Run the service.")

  @OptionGroup var options: ConfigurationOptions

  func run() throws {
    let registry = Registry()
    let snapshot = try options.snapshot(in: registry)
    let service = try Running(snapshot, options, registry)
    throw service.untilStopped()
  }
}
