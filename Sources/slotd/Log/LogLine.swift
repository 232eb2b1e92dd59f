import Settings
import Wire

/// One line of the log, as it is being written: for people, or as a JSON object. Used again for each line.
///
/// ```
/// 2026-11-21T10:11:12Z info slot granted host=upload.@HOST@ size=23456
/// {"time":"2026-11-21T10:11:12Z","level":"info","message":"slot granted","host":"upload.@HOST@","size":23456}
/// ```
struct LogLine: ~Copyable {
  private var text: ByteBuffer
  private var format = LogFormat.human

  /// Lines of at most `capacity` bytes; a part that does not fit is left out.
  init(capacity: Int) { text = ByteBuffer(capacity: capacity) }

  /// The line that ``end()`` ended.
  var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.bytes }
  }

  mutating func begin(
    _ level: Span<UInt8>, _ message: Span<UInt8>, at unixSeconds: Int64, _ format: LogFormat
  ) {
    self.format = format
    text.clear()
    let time = CivilTime(unixSeconds: unixSeconds)
    switch format {
    case .human:
      text.append(rfc3339: time)
      text.append(" ")
      text.append(level)
      text.append(" ")
      appendPlain(message)
    case .json:
      text.append("{\"time\":\"")
      text.append(rfc3339: time)
      text.append("\",\"level\":\"")
      text.append(level)
      text.append("\",\"message\":\"")
      text.append(json: message)
      text.append("\"")
    }
  }

  mutating func field(_ name: Span<UInt8>, _ value: Span<UInt8>) {
    key(name)
    switch format {
    case .human: appendPlain(value)
    case .json:
      text.append("\"")
      text.append(json: value)
      text.append("\"")
    }
  }

  mutating func field(_ name: StaticString, _ value: Span<UInt8>) { field(name.bytes, value) }

  mutating func field(_ name: StaticString, _ value: UInt64) {
    key(name.bytes)
    text.append(decimal: value)
  }

  mutating func field(_ name: StaticString, hex value: Span<UInt8>) {
    key(name.bytes)
    if format == .json { text.append("\"") }
    text.append(hex: value)
    if format == .json { text.append("\"") }
  }

  mutating func end() {
    if format == .json { text.append("}") }
    text.append("\n")
  }

  private mutating func key(_ name: Span<UInt8>) {
    switch format {
    case .human:
      text.append(" ")
      text.append(name)
      text.append("=")
    case .json:
      text.append(",\"")
      text.append(json: name)
      text.append("\":")
    }
  }

  /// Control characters become spaces: an event is one line, and a terminal shows it as it is.
  private mutating func appendPlain(_ value: Span<UInt8>) {
    for i in value.indices { text.append(value[i] < 0x20 || value[i] == 0x7F ? 0x20 : value[i]) }
  }
}
