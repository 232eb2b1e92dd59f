import ArgumentParser
import Reactor
import Slots
import Wire

/// `slotd get-url`: one slot on the command line, as MongooseIM's `httpUpload getUrl` gives it.
struct GetURL: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get-url", abstract: "Print the URLs of one slot.",
    discussion: "For trying out a bucket: whoever may run this needs no permission to upload.")

  /// How the URLs are printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case lines, json, curl
  }

  @OptionGroup var options: ConfigurationOptions
  @Option(help: "The XMPP domain that the slot is for.") var domain: String
  @Option(help: "What the file is called.") var filename: String
  @Option(help: "Bytes that the file has.") var size: String
  @Option(help: "The file's media type.") var contentType: String?
  @Option(help: "Seconds that the PUT URL lives, in place of the configured ones.")
  var timeout: String?
  @Option(help: "lines (PutURL: and GetURL:), json, or curl (two commands to paste).")
  var format = Format.lines

  func run() throws {
    var grantor = Grantor(try options.snapshot().services)
    var request = SlotRequest()
    let fields: [(String, String?)] = [
      ("jid", domain), ("filename", filename), ("size", size), ("content_type", contentType),
      ("expiration_time", timeout),
    ]
    for case (let name, let value?) in fields {
      if let mistake = grantor.take(name, value, into: &request) {
        throw Exit.complaining(mistake.description)
      }
    }
    switch grantor.decide(request, at: Clock().unixSeconds, forOperator: true) {
    case .denied(let denial): throw Exit.complaining(denial.explanation)
    case .granted(let grant): Terminal.say(text(grant, grantor))
    }
  }

  private func text(_ grant: Grantor.Grant, _ grantor: borrowing Grantor) -> String {
    var body = ByteBuffer(capacity: Limits.responseRoomMin)
    grantor.write(grant, in: format == .json ? .json : .lines, to: &body)
    let written = String(copying: body.bytes)
    let urls = written.split(separator: "\n")
    guard urls.count == 2 else { return String(written.dropLast()) }
    let (put, get) = (String(urls[0]), String(urls[1]))
    switch format {
    case .lines, .json:
      return "PutURL: \(put)\nGetURL: \(get)"
    case .curl:
      let type = contentType.map { " --header \(Self.quoted("Content-Type: \($0)"))" } ?? ""
      return """
        curl --fail --upload-file \(Self.quoted(filename))\(type) \(Self.quoted(put))
        curl --fail --output \(Self.quoted(filename)) \(Self.quoted(get))
        """
    }
  }

  /// `text` as one word for a shell.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }
}
