import ArgumentParser
import Meters
import Settings

/// The command line.
@main
struct Slotd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slotd",
    abstract: "Hands XMPP servers upload slots (XEP-0363), presigned for an S3 bucket.",
    version: Program.version,
    subcommands: [
      Serve.self, Demo.self, Reload.self, Check.self, GetURL.self, ProbeCommand.self,
      DoctorCommand.self, BucketCommand.self, HealthCommand.self, ImportFile.self,
    ])
}

/// How a command ends that did not do what it was asked for (sysexits(3)).
enum Exit {
  /// The configuration is wrong.
  static let configuration = ExitCode(78)
  /// What was asked for could not be done.
  static let failure = ExitCode(1)

  /// Prints what is wrong, in one sentence, and ends.
  static func complaining(_ sentence: String, _ code: ExitCode = failure) -> ExitCode {
    Terminal.complain(sentence)
    return code
  }
}

/// The configuration that a command works with.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    name: .customLong("config"),
    help: ArgumentHelp(
      "The TOML file with the configuration; every key can come from the environment, too.",
      valueName: "file"))
  var file: String?

  /// Where the file is looked for when none is named.
  private static let standardFile = "/etc/slotd/slotd.toml"

  /// The file that is read, or nil where the environment is all there is.
  var path: String? { file ?? (Terminal.isReadable(Self.standardFile) ? Self.standardFile : nil) }

  /// Loads the configuration, or prints every mistake in it and ends.
  func load() throws(ExitCode) -> Configuration {
    let loaded = Configuration.load(file: path, environment: Terminal.environment)
    for note in loaded.notes { Terminal.complain("note: \(note)") }
    switch loaded.result {
    case .success(let configuration): return configuration
    case .failure(let mistakes): throw Exit.complaining(mistakes.description, Exit.configuration)
    }
  }

  /// How far a command goes for credentials that do not stand in the configuration.
  enum Credentials {
    /// Other machines are asked; what cannot be had is complained of.
    case asked
    /// What is in reach is read.
    case local
    /// None are wanted: those of another process will count, which has surroundings of its own.
    case ignored
  }

  /// Loads the configuration and makes it ready for use, or prints what is wrong and ends.
  func snapshot(
    in registry: Registry = Registry(), credentials: Credentials = .asked
  ) throws(ExitCode) -> Snapshot {
    let configuration = try load()
    do throws(ConfigurationError) {
      var keyring = Keyring()
      if credentials != .ignored {
        keyring = try Keyring(configuration, environment: Terminal.environment)
        keyring.readLocal()
      }
      if credentials == .asked {
        keyring.ask()
        guard configuration.embedded == nil || keyring.accessKey != nil else {
          throw ConfigurationError(
            "the embedded bucket has no access key yet: run slotd serve first")
        }
      }
      return try Snapshot(configuration, keyring, in: registry)
    } catch {
      throw Exit.complaining(error.description, Exit.configuration)
    }
  }
}
