import ArgumentParser
import Settings

/// `slotd demo`: everything at once, to be tried out on one machine.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Run slotd against its embedded bucket, and print how to try it.",
    discussion: "Slots and files are served on loopback; started again, it finds its files.")

  @Option(help: "Where the files are kept.") var directory = "slotd-data"
  @Option(help: "The port for slots; the bucket has the next one.") var port: UInt16 = 5480

  func run() throws {
    guard 1..<UInt16.max ~= port else {
      throw Exit.complaining("--port must be from 1 to 65534: the bucket has the one above.")
    }
    let text = """
      listen = ["127.0.0.1:\(port)"]
      backend = "embedded"
      probe_interval = 0
      [embedded]
      directory = "\(Self.escaped(directory))"
      listen = "127.0.0.1:\(port + 1)"
      [hosts."upload.@HOST@"]
      expiration_time = 3600
      """
    let loaded = Configuration.load(text: text, named: "demo")
    guard case .success(let configuration) = loaded.result else {
      throw Exit.complaining("slotd cannot use the directory \(directory).")
    }
    let service = try Running(configuration, from: nil)
    Terminal.say(instructions(service.embedded, configuration.embedded?.publicURL))
    throw service.untilStopped()
  }

  /// `text` as the inside of a TOML string.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
      .split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
  }

  private func instructions(_ embedded: Embedded?, _ url: String?) -> String {
    var text = """

      Ask for a slot, upload a file to it, and download the file again:

        slot=$(curl -s 'http://127.0.0.1:\(port)/slot?jid=romeo@localhost&name=hello.txt&size=5'); echo "$slot"
        curl -X PUT -H 'Content-Type: text/plain' --data hello "$(echo "$slot" | head -n 1)"
        curl "$(echo "$slot" | tail -n 1)"

      """
    if let embedded, let url {
      text += """

        Files are kept in \(embedded.directory). The bucket speaks S3 to anyone who has the key:

          export AWS_ACCESS_KEY_ID=\(embedded.accessKey.id) AWS_SECRET_ACCESS_KEY=\(embedded.accessKey.secret) \
        AWS_DEFAULT_REGION=\(Embedded.region)
          aws --endpoint-url \(url) s3 ls s3://\(Embedded.bucketName)

        """
    }
    return text
  }
}
