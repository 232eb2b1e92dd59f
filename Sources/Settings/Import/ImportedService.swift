/// An upload service that another server's file describes, as the section that slotd would have for it.
struct ImportedService {
  /// Something to know about a setting, at its line of the other file.
  struct Remark {
    var line: Int
    var sentence: String
  }

  /// The name of the section.
  var host: String
  /// Where the other file's section begins.
  var line: Int
  private(set) var remarks: [Remark] = []
  private var lines: [String] = []
  private var origins: [String: Int] = [:]

  init(host: String, line: Int) { (self.host, self.line) = (host, line) }

  /// The section's path, as mistakes name it.
  var path: String { TOMLPath(["hosts", host]).description }

  /// Whose users come here when a request names no host; nil where it cannot be told.
  var domain: String? {
    guard let pattern = try? HostPattern(host) else { return nil }
    if pattern.isPattern { return HostPattern.placeholder }
    return pattern.prefix.firstIndex(of: ".").map { String(pattern.prefix[$0...].dropFirst()) }
  }

  /// The section in TOML.
  var text: String {
    (["[hosts.\(TOMLText.quoted(host))]"] + lines).joined(separator: "\n") + "\n"
  }

  /// The other file's line that a key came from.
  func line(of key: String) -> Int { origins[key] ?? line }

  /// Sets `key` from what stood at `line`; `remark` says what is different from there.
  mutating func set(
    _ key: String, _ value: TOMLDocument.Value, line: Int? = nil, remark: String? = nil
  ) {
    let line = line ?? self.line
    origins[key] = line
    if let remark { self.remark(remark, line: line) }
    lines.append("\(key) = \(value.written)")
  }

  /// Says something about a setting that has no key here.
  mutating func remark(_ sentence: String, line: Int? = nil) {
    remarks.append(Remark(line: line ?? self.line, sentence: sentence))
    lines.append("# \(sentence)")
  }
}

extension TOMLDocument.Value {
  /// The value as TOML writes it; what no setting can be comes out as an empty text.
  var written: String {
    switch self {
    case .text(let text): TOMLText.quoted(text)
    case .integer(let number): String(number)
    case .boolean(let truth): String(truth)
    case .list(let values): "[" + values.map(\.written).joined(separator: ", ") + "]"
    case .table, .other: "\"\""
    }
  }
}

/// The options of a module, taken out one by one; what is left at the end, nobody knew.
struct ModuleOptions {
  struct Option {
    var value: TOMLDocument.Value
    /// The value as it stood there, where it is one word or text.
    var text: String?
    var line: Int
  }

  private(set) var rest: [String: Option]

  init(_ options: [String: Option]) { rest = options }

  /// Takes `name` out; an empty text counts as not set, which is what MongooseIM's old defaults were.
  mutating func take(_ name: String) -> Option? {
    guard let option = rest.removeValue(forKey: name), option.text != "" else { return nil }
    return option
  }
}

extension ImportedService {
  /// Sets `key` to the text of an option, where there is one.
  mutating func set(_ key: String, text option: ModuleOptions.Option?) {
    guard let option else { return }
    set(key, option.text.map { .text($0) } ?? option.value, line: option.line)
  }

  /// Sets `key` to a whole number of `range`, the nearest one where the option lies outside or is without end.
  mutating func set(
    _ key: String, _ option: ModuleOptions.Option?, default fallback: Int,
    in range: ClosedRange<Int>
  ) {
    guard let option else { return set(key, .integer(fallback)) }
    if option.text == "infinity" || option.text == "unlimited" {
      return set(
        key, .integer(range.upperBound), line: option.line,
        remark: "\(key): \(range.upperBound) is the most there is; without end is not possible")
    }
    guard case .integer(let number) = option.value else {
      // Loading refuses it, in its own words.
      return set(key, option.value, line: option.line)
    }
    let nearest = min(max(number, range.lowerBound), range.upperBound)
    let remark =
      nearest == number
      ? nil
      : "\(key): \(number) became \(nearest); \(range.lowerBound) to \(range.upperBound) are possible"
    set(key, .integer(nearest), line: option.line, remark: remark)
  }

  /// Sets the largest file: a number of bytes, or one of `unlimited`.
  mutating func setMaxFileSize(
    _ option: ModuleOptions.Option?, default fallback: Int, unlimited: [String]
  ) {
    guard let option else { return set("max_file_size", .integer(fallback)) }
    let isUnlimited = option.text.map(unlimited.contains) ?? false
    set("max_file_size", isUnlimited ? .text("infinity") : option.value, line: option.line)
  }

  /// Sets the access key, or says where one is looked for.
  mutating func setAccessKey(id: ModuleOptions.Option?, secret: ModuleOptions.Option?) {
    set("s3.access_key_id", text: id)
    if secret != nil {
      lines.append("# A file, named by s3.secret_access_key_file, is a better place for this.")
    }
    set("s3.secret_access_key", text: secret)
    if id == nil && secret == nil {
      remark("there is no access key: set s3.access_key_id and s3.secret_access_key_file")
    }
  }

  /// Says of every option that is left that it was passed over; their values are not shown.
  mutating func passOver(_ options: ModuleOptions) {
    for (name, option) in options.rest.sorted(by: { $0.value.line < $1.value.line }) {
      let name = TOMLPath(name.split(separator: ".").map(String.init)).description
      remark("\(name) is not known here and was passed over", line: option.line)
    }
  }
}
