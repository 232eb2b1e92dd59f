import Logging
import Reactor
import Settings
import Wire

/// One line an event to stderr, for people or as JSON.
struct Log: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level
  let format: LogFormat

  /// A logger as the configuration wants it.
  static func logger(_ configuration: Configuration) -> Logger {
    let level = Logger.Level(rawValue: configuration.logLevel.rawValue) ?? .info
    return Logger(label: "slotd") { _ in Log(logLevel: level, format: configuration.logFormat) }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var line = ByteBuffer(capacity: 65_536)
    let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    let time = CivilTime(unixSeconds: Clock().unixSeconds)
    switch format {
    case .human:
      line.append(rfc3339: time)
      line.append(string: " \(event.level) \(event.message)")
      for (key, value) in all { line.append(string: " \(key)=\(value)") }
    case .json:
      line.append("{\"time\":\"")
      line.append(rfc3339: time)
      line.append(string: "\",\"level\":\"\(event.level)\",\"message\":\"")
      line.append(json: event.message.description.utf8.span)
      line.append("\"")
      for (key, value) in all {
        line.append(",\"")
        line.append(json: key.utf8.span)
        line.append("\":\"")
        line.append(json: value.description.utf8.span)
        line.append("\"")
      }
      line.append("}")
    }
    Terminal.complain(String(line.bytes))
  }
}

extension String {
  /// The text that UTF-8 `bytes` spell; a byte that is none shows as U+FFFD.
  init(_ bytes: Span<UInt8>) {
    // Safe: the pointer is used inside the closure only.
    self = unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
