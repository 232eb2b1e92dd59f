import Testing

@testable import Settings

/// Rules that bind several keys, and what is said of keys that are none.
@Suite struct RuleTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var top: String
    var host: String
    var mistake: String
    var testDescription: String

    init(top: String = "", host: String = "", _ mistake: String, _ reason: String) {
      (self.top, self.host, self.mistake, testDescription) = (top, host, mistake, reason)
    }
  }

  @Test(arguments: [
    Row(
      top: "listen = ['127.0.0.1:1', '0.0.0.0:2']",
      "slotd.toml:1: listen: 0.0.0.0:2 can be reached from other machines, and without a token",
      "slots for anyone"),
    Row(top: "listen = ['[::]:1']", "listen: [::]:1 can be reached", "the same by IPv6"),
    Row(
      top: "tokens = ['0123456789abcdef']\ntokens_file = '/s/tokens'",
      "slotd.toml:1: tokens: tokens and tokens_file are both set: keep one", "a list and its file"),
    Row(
      host:
        "s3.access_key_id = 'a'\ns3.secret_access_key = 'b'\ns3.secret_access_key_file = '/s/key'",
      "slotd.toml:6: hosts.\"upload.example.org\".s3.secret_access_key: s3.secret_access_key and",
      "a secret and its file"),
    Row(
      host: "s3.access_key_id = 'a'",
      "slotd.toml:5: hosts.\"upload.example.org\".s3.access_key_id: s3.secret_access_key is missing",
      "half an access key"),
    Row(host: "s3.secret_access_key = 'a'", "s3.access_key_id is missing", "the other half"),
    Row(host: "s3.session_token = 'a'", "a session needs its access key", "a session alone"),
    Row(
      host: "get = 'presigned'\ns3.add_acl = true",
      "slotd.toml:6: hosts.\"upload.example.org\".s3.add_acl: add_acl makes files public",
      "public and private"),
    Row(
      host: "get = 'presigned'\ns3.download_url = 'https://cdn.example.org'",
      "s3.download_url: a URL that get = \"presigned\" signs is good at the bucket alone",
      "a signature for another host"),
    Row(host: "key_layout = 'user'", "\"user\" needs jid_key_file", "a hash without its key"),
    Row(
      host: "retention.message = '30d'",
      "slotd.toml:5: hosts.\"upload.example.org\".retention.message: with key_layout = \"token\" keys do not say",
      "rules that find nothing"),
    Row(
      host: "[hosts.\"b.@HOST@\"]\nbackend = 'embedded'\nretention.profile = '1y'",
      "slotd.toml:7: hosts.\"b.@HOST@\".retention.profile: the embedded bucket keeps files until",
      "a bucket without rules"),
    Row(
      top: "backend = 'embedded'",
      "slotd.toml:1: embedded.directory: a host has backend = \"embedded\", so this must name",
      "no directory"),
    Row(
      top: "backend = 'embedded'\nembedded.directory = '/d'\nembedded.listen = '0.0.0.0:1'",
      "embedded.public_url: clients cannot reach 0.0.0.0:1 by that name", "no address to give"),
    Row(
      top: "backend = 'embedded'\nembedded.directory = '/d'\nembedded.listen = 'unix:/s'",
      "embedded.public_url: clients cannot reach unix:/s", "a socket is no URL"),
    Row(
      top: "backend = 'embedded'\nembedded.directory = '/d'\nembedded.listen = '127.0.0.1:0'",
      "embedded.public_url: clients cannot reach 127.0.0.1:0 by that name", "any port is none"),
    Row(
      host: "[hosts.\"files.example.org\"]\nbackend = 'embedded'\n[embedded]\ndirectory = '/d'",
      "slotd.toml:5: hosts.\"files.example.org\": files.example.org and upload.example.org both serve example.org",
      "one domain, two services"),
    Row(
      host:
        "[hosts.\"UPLOAD.example.org\"]\nbackend = 'embedded'\ndomains = []\n[embedded]\ndirectory = '/d'",
      "hosts.\"UPLOAD.example.org\": this host has a section already", "one name in two spellings"),
    Row(
      host:
        "[hosts.\"upload.@HOST@\"]\nbackend = 'embedded'\ndomains = ['a.org']\n[embedded]\ndirectory = '/d'",
      "slotd.toml:7: hosts.\"upload.@HOST@\".domains: a host with @HOST@ serves every domain",
      "domains of a pattern"),
    Row(
      host:
        "[hosts.\"a.@HOST@\"]\nbackend = 'embedded'\n[hosts.\"b.@HOST@\"]\nbackend = 'embedded'\n[embedded]\ndirectory = '/d'",
      "b.@HOST@ and a.@HOST@ both serve every domain", "two patterns"),
    Row(host: "[hosts.\"@HOST@.@HOST@\"]", "@HOST@ may stand once", "two placeholders"),
    Row(host: "[hosts.\"up load\"]", "the name is no domain", "a blank in a name"),
    Row(host: "[hosts.\"x@HOST@\"]", "the name is no domain", "half a label"),
    Row(
      host: "[hosts.other.example]", "hosts.other: a host's name must stand in quotes", "no quotes"),
    Row(host: "[hosts]\nx = 1", "hosts.x: this must be a table", "a host that is a number"),
    // Keys that are none.
    Row(
      top: "lisen = []", "slotd.toml:1: lisen: slotd has no such key: did you mean listen?",
      "a letter less"),
    Row(top: "color = 1", "color: slotd has no such key: take it away", "nothing like it"),
    Row(
      top: "token_bytes = 16", "token_bytes: this key belongs in a section such as [hosts.",
      "above the section"),
    Row(
      host: "log_format = 'json'", "log_format: this key belongs at the top of the file",
      "below the section"),
    Row(
      host: "region = 'x'", "region: slotd has no such key: did you mean s3.region?",
      "without its table"),
    Row(host: "'s3.add_acl' = true", "write s3.add_acl without the quotes", "one key with a dot"),
    Row(
      host: "s3.acl = 'x'", "s3.acl: slotd has no such key: it is called s3.add_acl", "a short name"
    ),
    Row(host: "put_ttl = 600", "it is called expiration_time here", "mod_s3_upload"),
    Row(host: "max_size = 600", "it is called max_file_size here", "mod_s3_upload"),
    Row(host: "access_key_secret = 'x'", "it is called s3.secret_access_key here", "mod_s3_upload"),
    Row(host: "set_public = true", "it is called s3.add_acl here", "mod_s3_upload"),
    Row(host: "download_url = 'x'", "did you mean s3.download_url?", "mod_s3_upload"),
    Row(host: "hosts = ['x']", "the host is the name of the section", "mod_s3_upload"),
    Row(
      host: "retention = '30d'", "this must be a table: its keys are retention.…", "a table's name"),
    Row(
      top: "embedded = true", "embedded: this must be a table: its keys are embedded.…",
      "a table's name"),
    Row(
      top: "modules.mod_http_upload.host = 'x'",
      "modules: this is MongooseIM's own file: slotd import", "a whole file"),
  ]) func mistakes(_ row: Row) {
    let mistakes = load(top: row.top, host: row.host).mistakes
    #expect(mistakes.contains { $0.contains(row.mistake) }, "\(mistakes)")
  }

  @Test(arguments: [
    ("", "there is no upload service: add a section"),
    ("hosts = 1", "hosts: this must be a table"),
    ("[hosts.\"upload.@HOST@\"]", "s3.bucket_url: this is missing"),
    ("[hosts.\"upload.@HOST@\"]", "s3.region: this is missing"),
  ]) func whatIsMissing(_ text: String, _ words: String) {
    let mistakes = Configuration.load(text: text, named: "slotd.toml", files: files).mistakes
    #expect(mistakes.contains { $0.contains(words) }, "\(mistakes)")
  }

  @Test func mistakesComeInTheOrderOfTheirLines() {
    let loaded = load(
      top: "workers = 0\nlisten = [\n  '0.0.0.0:1',\n]\nx = 1",
      host: "token_bytes = 8\ns3.add_acl = 1\nmax_file_size = -1",
      environment: ["SLOTD_WORKERS_": "2", "SLOTD_LOG_LEVEL": "loud"])
    let places = loaded.mistakes.map { $0.prefix { $0 != " " } }
    #expect(
      places == [
        "/etc/slotd/slotd.toml:1:", "/etc/slotd/slotd.toml:2:", "/etc/slotd/slotd.toml:5:",
        "/etc/slotd/slotd.toml:9:", "/etc/slotd/slotd.toml:10:", "/etc/slotd/slotd.toml:11:",
        "SLOTD_LOG_LEVEL:", "SLOTD_WORKERS_:",
      ])
    #expect(loaded.configuration == nil)
  }

  @Test(arguments: [
    (
      "", "iqdisc.type = 'one_queue'",
      "slotd.toml:5: hosts.\"upload.example.org\".iqdisc.type: this has a meaning inside MongooseIM only"
    ),
    (
      "", "s3.download_url = 'http://cdn.example.org'",
      "s3.download_url: clients get URLs of plain http"
    ),
    ("", "s3.download_url = 'http://localhost:80'", ""),
    ("", "s3.download_url = 'http://127.1.2.3/x'", ""),
    ("", "s3.download_url = 'http://[::1]:90/x'", ""),
    ("", "jid_key = '0123456789abcdef'", "jid_key: this is used with key_layout = \"user\" only"),
    ("", "jid_key_file = '/s/key'", "jid_key_file: this is used with key_layout = \"user\" only"),
    ("", "get_expiration_time = 60", "this is used with get = \"presigned\" only"),
    ("backend = 'embedded'\nembedded.directory = '/d'", "", "the keys s3.… have no meaning"),
    (
      "",
      "[hosts.upload]\nbackend = 'embedded'\n[embedded]\ndirectory = '/d'\npublic_url = 'http://x.org'",
      "embedded.public_url: clients get URLs of plain http"
    ),
    (
      "", "[hosts.upload]\nbackend = 'embedded'\n[embedded]\ndirectory = '/d'",
      "the host has one label"
    ),
  ]) func notes(_ top: String, _ host: String, _ words: String) {
    let loaded = load(top: top, host: host)
    let notes = loaded.notes.map(\.description)
    #expect(loaded.mistakes == [])
    #expect(words.isEmpty ? notes == [] : notes.contains { $0.contains(words) }, "\(notes)")
  }

  @Test(arguments: [("http://bucket.example.org", 1), ("http://127.0.0.1:9000/b", 0)])
  func aBucketOfPlainHTTPIsNoted(_ url: String, _ count: Int) {
    let text = "[hosts.'upload.@HOST@']\ns3.bucket_url = '\(url)'\ns3.region = 'auto'"
    let loaded = Configuration.load(text: text, named: "slotd.toml")
    #expect(loaded.notes.count == count)
    #expect(loaded.mistakes == [])
  }

  @Test func mongooseIMsSectionCanBePasted() throws {
    let loaded = Configuration.load(
      text: """
        [hosts."upload.@HOST@"]
          host = "upload.@HOST@"
          backend = "s3"
          iqdisc.type = "one_queue"
          expiration_time = 120
          s3.bucket_url = "https://s3-eu-west-1.amazonaws.com/mybucket"
          s3.region = "eu-west-1"
          s3.add_acl = true
          s3.access_key_id = "AKIAIOSFODNN7EXAMPLE"
          s3.secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        """, named: "slotd.toml")
    let service = try #require(try loaded.result.get().services.first)
    #expect(service.expirationSeconds == 120)
    #expect(service.host.isPattern)
    #expect(try loaded.result.get().bucket?.addACL == true)
    #expect(loaded.notes.count == 1)
  }

  @Test func statusPageIsForLoopbackUnlessAsked() {
    let token = "tokens = ['0123456789abcdef']\n"
    #expect(load(top: "listen = ['127.0.0.1:1', '[::1]:1']").configuration?.statusPage == true)
    #expect(
      load(top: token + "listen = ['127.0.0.1:1', '0.0.0.0:2']").configuration?.statusPage == false)
    #expect(load(top: "listen = ['unix:/s']").configuration?.statusPage == false)
    #expect(load(top: "status_page = true\nlisten = ['unix:/s']").configuration?.statusPage == true)
  }
}
