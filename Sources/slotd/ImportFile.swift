import ArgumentParser
import Settings

/// `slotd import`: what another server was told about uploads, as slotd's configuration.
struct ImportFile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Print the upload settings of mongooseim.toml or ejabberd.yml as a configuration.",
    discussion: """
      Reads MongooseIM's mod_http_upload or ejabberd's mod_s3_upload. What means something else here, or nothing, is \
      a comment in what is printed and a note to stderr. The secrets of the file are printed, too.
      """)

  @Argument(help: ArgumentHelp("The other server's configuration.", valueName: "file"))
  var file: String

  func run() throws {
    switch Import.read(try text(), named: file) {
    case .success(let imported):
      for note in imported.notes { Terminal.complain("note: \(note)") }
      Terminal.say(imported.text, terminator: "")
    case .failure(let mistakes):
      throw Exit.complaining(mistakes.description, Exit.configuration)
    }
  }

  private func text() throws(ExitCode) -> String {
    do throws(FileReader.Failure) {
      return try FileReader.system.text(file)
    } catch {
      throw Exit.complaining("\(file) \(error.reason)", Exit.configuration)
    }
  }
}
