import CLinux
import Logging
import Settings
import Wire

/// What swift-log's loggers write to: for events off the event loops, which are few.
struct Log: LogHandler {
  let output: LogOutput
  var metadata: Logger.Metadata = [:]

  /// A logger that writes to `output`.
  static func logger(_ output: LogOutput) -> Logger {
    Logger(label: "slotd") { _ in Log(output: output) }
  }

  /// One level for the whole process, which a signal may change: setting it here sets nothing.
  var logLevel: Logger.Level {
    get { Logger.Level(rawValue: output.threshold.rawValue) ?? .info }
    set {}
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var line = LogLine(capacity: 65_536)
    let level = event.level.rawValue
    let message = event.message.description
    line.begin(level.utf8.span, message.utf8.span, at: slotd_unix_seconds(), output.format)
    let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    for (key, value) in all {
      let text = value.description
      line.field(key.utf8.span, text.utf8.span)
    }
    line.end()
    output.write(line.bytes)
  }
}
