import ArgumentParser

/// `slotd serve`: the service itself.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Run the service.")

  @OptionGroup var options: ConfigurationOptions

  func run() throws {
    throw try Running(try options.load(), from: options).untilStopped()
  }
}
