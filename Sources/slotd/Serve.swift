import ArgumentParser

/// `slotd serve`: the service itself.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Run the service.")

  @OptionGroup var options: ConfigurationOptions

  func run() throws {
    let snapshot = try options.snapshot()
    let service = try Running(snapshot, options)
    throw service.untilStopped()
  }
}
