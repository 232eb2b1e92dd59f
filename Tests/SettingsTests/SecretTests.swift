import Testing

@testable import Settings

@Suite struct SecretTests {
  static let marker = "Xq7SECRETvalueZk9"

  /// Ways to get a secret wrong; none may show it.
  @Test(arguments: [
    ("", "s3.secret_access_key = \(marker)"),
    ("", "s3.secret_access_key = \(marker)'it''s"),
    ("", "s3.secret_access_key = \"\(marker)"),
    ("", "s3.secret_access_key = \"\(marker)\\q\""),
    ("", "s3.secret_access_key = '\(marker)' '\(marker)'"),
    ("", "s3.secret_access_key = \"\"\"\(marker)"),
    ("", "s3.secret_access_key = 12\(marker)"),
    ("", "s3.secret_access_key: \(marker)"),
    ("", "s3.secret_access_key = ['\(marker)']"),
    ("", "s3.secret_access_key = { x = '\(marker)' }"),
    ("", "s3.secret_access_key = 'two \(marker)'"),
    ("", "s3.secret_access_key = '\(marker)'"),
    ("", "s3.session_token = '\(marker)'"),
    ("", "s3.secret_acess_key = '\(marker)'"),
    ("", "access_key_secret = '\(marker)'"),
    ("", "s3.bucket_url = 1\ns3.bucket_url = 'https://key:\(marker)@bucket.example.org'"),
    ("", "s3.download_url = 'https://key:\(marker)@bucket.example.org'"),
    ("", "jid_key = '\(marker)'"),
    ("tokens = ['\(marker)', 'short']", ""),
    ("tokens = '\(marker)'", ""),
    ("tokens = [\(marker)]", ""),
    ("tokens = ['\(marker) and \(marker)']", ""),
  ]) func isNeverPrinted(_ top: String, _ host: String) {
    let loaded = load(top: top, host: host)
    var dumped = ""
    dump(loaded, to: &dumped)
    #expect(!loaded.mistakes.isEmpty || !loaded.notes.isEmpty)
    for text in loaded.mistakes + loaded.notes.map(\.description) + [dumped, "\(loaded)"] {
      #expect(!text.contains(Self.marker), "\(text)")
    }
  }

  /// A number that does not fit is not repeated: a secret without its quotes may be one.
  @Test(arguments: [
    "98765432109876543210", "0xfedcba9876543210fedcba", "9876543210987654321.5e9999x",
  ])
  func ofDigitsIsNotPrintedEither(_ digits: String) {
    let mistakes = load(host: "s3.secret_access_key = \(digits)").mistakes
    #expect(mistakes.count == 1)
    #expect(mistakes.first?.contains("or too large: a text must stand in") == true)
    #expect(!mistakes.joined().contains("fedcba") && !mistakes.joined().contains("98765"))
  }

  @Test func isNotPrintedWithAConfigurationThatIsGood() {
    let loaded = load(
      top: "tokens = ['\(Self.marker)']",
      host:
        "s3.access_key_id = 'AKIA'\ns3.secret_access_key = '\(Self.marker)'\njid_key = '\(Self.marker)'\nkey_layout = 'user'"
    )
    var dumped = ""
    dump(loaded, to: &dumped)
    #expect(loaded.configuration?.tokens == [Secret(Self.marker)])
    #expect(!"\(dumped)\(loaded)\(String(reflecting: loaded))".contains(Self.marker))
  }

  @Test func variablesOfSecretsAreNotPrinted() {
    let loaded = load(environment: [
      "SLOTD_S3_SECRET_ACCESS_KEY": Self.marker, "SLOTD_S3_SECRET_KEY": Self.marker,
      "SLOTD_TOKENS": "short,\(Self.marker)",
    ])
    #expect(loaded.mistakes.count == 3)
    #expect(!loaded.mistakes.joined().contains(Self.marker))
  }

  @Test func ofAFileIsReadWhenItIsNeeded() throws {
    let host = """
      s3.access_key_id = 'AKIA'
      s3.secret_access_key_file = '/s/key'
      s3.session_token_file = 'relative'
      """
    let key = try #require(load(host: host).configuration?.bucket?.credentials)
    #expect(key.files == ["/s/key", "/etc/slotd/relative"])
    let new = memory(["/s/key": "another\n"])
    #expect(try key.accessKeyID.read(files: new) == Secret("AKIA"))
    #expect(try key.secretAccessKey.read(files: new) == Secret("another"))
    for (text, words) in [
      (nil, "/s/key does not exist"), ("", "/s/key is empty"), ("\n", "/s/key is empty"),
      ("\(Self.marker) x", "/s/key holds a blank"),
    ] as [(String?, String)] {
      do {
        _ = try key.secretAccessKey.read(files: memory(["/s/key": text].compactMapValues { $0 }))
        Issue.record("\(words)")
      } catch {
        #expect(error.reason.contains(words) && !error.reason.contains(Self.marker))
      }
    }
  }

  @Test func takesBytesOverAndComparesThem() {
    var bytes: [UInt8] = [1, 2, 3]
    let secret = Secret(taking: &bytes)
    #expect(bytes == [])
    let held = secret.bytes.indices.map { secret.bytes[$0] }
    #expect(held == [1, 2, 3])
    var others: [[UInt8]] = [[1, 2, 3], [1, 2, 4], [1, 2], []]
    let equal = others.indices.map { secret == Secret(taking: &others[$0]) }
    #expect(equal == [true, false, false, false])
    #expect("\(secret)" == "(secret)")
  }
}
