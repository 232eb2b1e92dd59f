import ArgumentParser
import Settings
import Wire

/// `slotd health`: whether a slotd runs where the configuration says so. For containers, which have no curl.
struct HealthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "health", abstract: "Ask a running slotd on this machine whether it is alive.",
    discussion:
      "Asks at every address of the configuration's listen; ends with 0 when all of them answer, else with 1."
  )

  @OptionGroup var options: ConfigurationOptions

  @Flag(help: "Ask whether it is ready to hand out slots that will work, too.")
  var ready = false

  @Option(
    help: ArgumentHelp(
      "Ask here alone, and read no configuration.", valueName: "host:port or unix:/path"))
  var address: String?

  func run() throws {
    let path = ready ? "/readyz" : "/livez"
    for address in try addresses() {
      let answer: Inquiry.Answer
      do throws(Inquiry.Failure) {
        answer = try Inquiry.ask(address, for: path)
      } catch {
        throw Exit.complaining("slotd does not answer at \(address): \(error).")
      }
      guard answer.status == 200 else {
        throw Exit.complaining("slotd at \(address) answers \(answer.status): \(answer.body)")
      }
    }
  }

  private func addresses() throws -> [ListenAddress] {
    guard let address else {
      do {
        return try Configuration.listeners(file: options.path, environment: Terminal.environment)
      } catch {
        throw Exit.complaining(error.description, Exit.configuration)
      }
    }
    guard let address = ListenAddress(address) else {
      throw ValidationError("'\(address)' is neither host:port, [v6]:port nor unix:/path.")
    }
    return [address]
  }
}
