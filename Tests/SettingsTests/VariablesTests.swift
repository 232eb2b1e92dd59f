import Testing

@testable import Settings

@Suite struct VariablesTests {
  @Test func everyKeyHasItsOwnVariable() {
    let names = Keys.all.filter(\.hasVariable).map(\.variable)
    #expect(Set(names).count == names.count)
    #expect(names.contains("SLOTD_S3_SECRET_ACCESS_KEY_FILE"))
    #expect(!names.contains { Variables.isServiceLink($0) || $0.hasPrefix(Variables.hostPrefix) })
  }

  @Test func theNearerWins() {
    let host = "token_bytes = 20"
    let all = "SLOTD_TOKEN_BYTES"
    let one = "SLOTD_HOST_UPLOAD_EXAMPLE_ORG_TOKEN_BYTES"
    func bytes(_ environment: [String: String]) -> Int? {
      load(host: host, environment: environment).configuration?.services[0].tokenBytes
    }
    #expect(bytes([:]) == 20)
    #expect(bytes([all: "21"]) == 21)
    #expect(bytes([one: "22"]) == 22)
    #expect(bytes([all: "21", one: "22"]) == 22)
    #expect(bytes([all: ""]) == 20, "an empty variable counts as none")
  }

  @Test func aSecretsVariableHidesTheFilesBothForms() {
    let host = "s3.access_key_id = 'i'\ns3.secret_access_key_file = '/s/none'"
    let loaded = load(host: host, environment: ["SLOTD_S3_SECRET_ACCESS_KEY": "k"])
    #expect(loaded.configuration?.bucket?.credentials?.secretAccessKey.text == "k")
    let both = load(
      host: host,
      environment: ["SLOTD_S3_SECRET_ACCESS_KEY": "k", "SLOTD_S3_SECRET_ACCESS_KEY_FILE": "/s/key"])
    #expect(
      both.mistakes == [
        "SLOTD_S3_SECRET_ACCESS_KEY: s3.secret_access_key and s3.secret_access_key_file are both set: keep one"
      ])
  }

  @Test func theEnvironmentAloneIsEnough() throws {
    let loaded = Configuration.load(
      file: nil,
      environment: [
        "SLOTD_S3_BUCKET_URL": "https://b.example.org", "SLOTD_S3_REGION": "auto",
        "SLOTD_LISTEN": "127.0.0.1:1", "PATH": "/bin", "AWS_REGION": "x",
        "SLOTD_HOST_UPLOAD__HOST__TOKEN_BYTES": "40",
      ], files: files)
    let configuration = try loaded.result.get()
    #expect(configuration.services.map(\.host.description) == ["upload.@HOST@"])
    #expect(configuration.services[0].tokenBytes == 40)
    #expect(configuration.bucket?.credentials == nil)
  }

  @Test(arguments: [
    (["SLOTD_LISTN": "x"], "SLOTD_LISTN: no setting has this variable; did you mean SLOTD_LISTEN?"),
    (["SLOTD_COLOUR_SCHEME": "x"], "SLOTD_COLOUR_SCHEME: no setting has this variable"),
    (["SLOTD_TOKEN_BYTES": "8"], "SLOTD_TOKEN_BYTES: 8 is too small: at least 16"),
    (
      ["SLOTD_TOKEN_BYTES": "9223372036854775808"],
      "SLOTD_TOKEN_BYTES: \"9223372036854775808\" is not a whole"
    ),
    (
      ["SLOTD_HOST_UPLOAD_EXAMPLE_ORG_TOKEN_BYTE": "16"],
      "did you mean SLOTD_HOST_UPLOAD_EXAMPLE_ORG_TOKEN_BYTES?"
    ),
    (
      ["SLOTD_HOST_FILES_X": "16"],
      "fits no host: the names begin with SLOTD_HOST_UPLOAD_EXAMPLE_ORG_"
    ),
    (["SLOTD_ACCESS": "no one"], "SLOTD_ACCESS: \"no one\" is neither a domain nor a bare JID"),
    (["SLOTD_S3_REGION_": "x"], "did you mean SLOTD_S3_REGION?"),
    (["SLOTD_IQDISC_TYPE": "x"], "SLOTD_IQDISC_TYPE: no setting has this variable"),
  ]) func mistakes(_ environment: [String: String], _ words: String) {
    let mistakes = load(environment: environment).mistakes
    #expect(mistakes.count == 1)
    #expect(mistakes.first?.contains(words) == true, "\(mistakes)")
  }

  @Test func withoutAHostAnywhereTheVariableSaysSo() {
    let loaded = Configuration.load(file: nil, environment: ["SLOTD_HOST_A_TOKEN_BYTES": "16"])
    #expect(
      loaded.mistakes == [
        "SLOTD_HOST_A_TOKEN_BYTES: there is no section [hosts.\"…\"] that this variable could belong to",
        "there is no upload service: add a section such as [hosts.\"upload.@HOST@\"]",
      ])
  }

  @Test func whatIsMissingIsNamedByItsVariable() {
    let loaded = Configuration.load(file: nil, environment: ["SLOTD_S3_REGION": "auto"])
    #expect(loaded.mistakes.count == 1)
    #expect(loaded.mistakes[0].hasPrefix("SLOTD_S3_BUCKET_URL: this is missing"))
  }

  @Test func twoHostsOfOneNameInCapitalsAreToldApart() {
    let loaded = load(
      host: "[hosts.\"upload-example.org\"]\nbackend = 'embedded'\n[embedded]\ndirectory = '/d'",
      environment: ["SLOTD_HOST_UPLOAD_EXAMPLE_ORG_TOKEN_BYTES": "16"])
    #expect(loaded.mistakes.contains { $0.contains("this variable fits several hosts") })
  }

  @Test(arguments: [
    ("SLOTD_SERVICE_HOST", true), ("SLOTD_SERVICE_PORT", true), ("SLOTD_SERVICE_PORT_HTTP", true),
    ("SLOTD_PORT", true), ("SLOTD_PORT_5480_TCP", true), ("SLOTD_PORT_5480_TCP_ADDR", true),
    ("SLOTD_METRICS_SERVICE_HOST", true), ("SLOTD_METRICS_PORT_9090_TCP_PROTO", true),
    ("SLOTD_SERVICE_NAME", false), ("SLOTD_PORTS", false), ("SLOTD_PORT_HTTP", false),
    ("SLOTD_LISTEN", false),
  ]) func variablesOfAClusterArePassedOver(_ name: String, _ isServiceLink: Bool) {
    #expect(Variables.isServiceLink(name) == isServiceLink)
    if isServiceLink { #expect(load(environment: [name: "10.0.0.1"]).mistakes == []) }
  }
}
