@testable import Settings

/// A reader of files that are not on any disk.
func memory(_ files: [String: String]) -> FileReader {
  FileReader { path throws(FileReader.Failure) in
    guard let text = files[path] else { throw FileReader.Failure("does not exist") }
    return Array(text.utf8)
  }
}

/// The files that the tables below name.
let files = memory([
  "/s/key": "file-key-of-16-bytes\n", "/s/crlf": "file-key-of-16-bytes\r\n\r\n", "/s/empty": "\n",
  "/s/blank": "two words and more", "/s/tokens": "first-token-of-16\n\r\nsecond-token-of-16",
  "/s/short": "first-token-of-16\nshort\n", "/etc/slotd/relative": "relative-of-16-bytes",
  "/etc/slotd/ca.pem": "certificates",
])

/// Loads a file `/etc/slotd/slotd.toml` of one service with a bucket: `top` stands above its section, `host` in it.
func load(
  top: String = "", host: String = "", environment: [String: String] = [:]
) -> Configuration.Loaded {
  let text = """
    \(top)
    [hosts."upload.example.org"]
    s3.bucket_url = "https://bucket.example.org/prefix"
    s3.region = "eu-west-1"
    \(host)
    """
  return Configuration.load(
    text: text, named: "/etc/slotd/slotd.toml", environment: environment, files: files)
}

extension StaticCredentials.Part {
  /// What it holds, or nil.
  var text: String? { try? read(files: SettingsTests.files).text }
}

extension Configuration.Loaded {
  /// The configuration, or nil.
  var configuration: Configuration? { try? result.get() }
  /// The mistakes as they are printed.
  var mistakes: [String] {
    if case .failure(let mistakes) = result { mistakes.all.map(\.description) } else { [] }
  }
}

/// The same numbers each time (SplitMix64).
struct Generator {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}
