import Testing

@testable import Settings

/// Every key: a good value in the file, the same from its variable, and values that are refused.
@Suite struct KeyTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var scope: KeyEntry.Scope
    /// What else must stand at the top for the key to count.
    var besides: String
    /// The value as TOML has it, and as a variable has it.
    var value: String
    var variable: String
    /// What comes of it, in words, and what those words are.
    var shown: @Sendable (Configuration) -> String
    var expected: String
    /// Values that are refused, each with words of the sentence.
    var refused: [(value: String, words: String)]
    var testDescription: String { name }

    init(
      _ scope: KeyEntry.Scope, _ name: String, _ value: String, variable: String,
      besides: String = "", is expected: String,
      refused: [(String, String)], _ shown: @escaping @Sendable (Configuration) -> Any?
    ) {
      (self.name, self.scope, self.value, self.variable) = (name, scope, value, variable)
      (self.besides, self.expected, self.refused) = (besides, expected, refused)
      self.shown = { configuration in shown(configuration).map { "\($0)" } ?? "none" }
    }

    func load(_ value: String) -> Configuration.Loaded {
      switch scope {
      case .top: SettingsTests.load(top: "\(name) = \(value)\n\(besides)")
      case .host: SettingsTests.load(host: "\(name) = \(value)\n\(besides)")
      }
    }
  }

  /// What a whole number from `least` to `most` refuses.
  static func outside(_ least: Int, _ most: Int) -> [(String, String)] {
    [
      ("\(least - 1)", "\(least - 1) is too small: at least \(least)"),
      ("\(most + 1)", "\(most + 1) is too large: at most \(most)"),
      ("\"ten\"", "\"ten\" is not a whole number"), ("1.5", "a number with a fraction is not"),
      ("true", "true is not a whole number"), ("[1]", "a list is not"),
      ("1979-05-27", "a date or time is not"),
    ]
  }

  static let notBoolean = [("1", "1 is not true or false"), ("\"yes\"", "\"yes\" is not true or")]
  static let notURL = [
    ("1", "1 is not an http or https URL"), ("\"ftp://x.org\"", "must begin with https://"),
    ("\"https://x.org/?a\"", "take the part from ? or # on away"),
    ("\"https://u:p@x.org\"", "must not hold a user"), ("\"https://\"", "needs a host name"),
    ("\"https://x.org:0/\"", "port must be 1"), ("\"https://x.org/a b\"", "holds a blank"),
    ("\"https://[::g]/\"", "no valid IPv6"),
  ]
  static func secret(_ bytes: Int) -> [(String, String)] {
    [("1", "this must be a text"), ("\"not visible at all \\u00e9\"", "not visible ASCII")]
      + (bytes > 1 ? [("\"short\"", "has 5 bytes: at least \(bytes)")] : [])
  }
  static let secretFile = [
    ("1", "this must be the path of a file"), ("\"\"", "this must be the path of a file"),
    ("\"/s/none\"", "/s/none does not exist"), ("\"none\"", "/etc/slotd/none does not exist"),
    ("\"/s/empty\"", "/s/empty is empty"), ("\"/s/blank\"", "not visible ASCII"),
  ]

  static let rows: [Row] = top + embedded + host + bucket + pasted

  static let top: [Row] = [
    Row(
      .top, "listen", #"["[::1]:80", "unix:/run/s"]"#, variable: "[::1]:80, unix:/run/s",
      is: "[[::1]:80, unix:/run/s]",
      refused: [
        ("\"127.0.0.1:80\"", "is not a list"), ("[]", "the list is empty"),
        ("[1]", "not a list of texts"),
        ("[\"example.org:80\"]", "\"example.org:80\" is not an address"),
        ("[\"127.0.0.1:80\", \"localhost:80\"]", "an address twice"),
        ("\((1...65).map { "127.0.0.1:\($0)" })", "the list holds 65 addresses: at most 64"),
      ]
    ) { $0.listen },
    Row(
      .top, "workers", "4", variable: "4", is: "count(4)",
      refused: [
        ("0", "0 is not \"auto\" or"), ("1025", "1025 is not"), ("\"many\"", "\"many\" is not"),
      ]
    ) { $0.workers },
    Row(
      .top, "tokens", #"["a-token-of-16-bytes", "b-token-of-16-bytes"]"#,
      variable: "a-token-of-16-bytes,b-token-of-16-bytes", is: "ab",
      refused: [
        ("\"a-token-of-16-bytes\"", "must be a list"), ("[]", "holds no secret"),
        ("[\"a-token-of-16-bytes\", \"short\"]", "secret 2 has 5 bytes: at least 16"),
        ("[\"a token of 16 bytes\"]", "secret 1 holds a blank"),
      ]
    ) { $0.tokens.map { String($0.text.prefix(1)) }.joined() },
    Row(
      .top, "tokens_file", "\"/s/tokens\"", variable: "/s/tokens",
      is: "first-token-of-16 second-token-of-16",
      refused: secretFile.dropLast() + [
        ("\"/s/blank\"", "holds a blank"), ("\"/s/short\"", "secret 2 has 5 bytes"),
      ]
    ) { $0.tokens.map(\.text).joined(separator: " ") },
    Row(
      .top, "connections_max", "100", variable: "100", is: "100", refused: outside(1, 1_000_000)
    ) { $0.connectionsMax },
    Row(.top, "head_timeout", "7", variable: "7", is: "7", refused: outside(1, 3600)) {
      $0.headTimeoutSeconds
    },
    Row(.top, "body_timeout", "7", variable: "7", is: "7", refused: outside(1, 3600)) {
      $0.bodyTimeoutSeconds
    },
    Row(.top, "idle_timeout", "7", variable: "7", is: "7", refused: outside(1, 86400)) {
      $0.idleTimeoutSeconds
    },
    Row(.top, "write_timeout", "7", variable: "7", is: "7", refused: outside(1, 3600)) {
      $0.writeTimeoutSeconds
    },
    Row(.top, "shutdown_timeout", "0", variable: "0", is: "0", refused: outside(0, 3600)) {
      $0.shutdownTimeoutSeconds
    },
    Row(.top, "shutdown_delay", "7", variable: "7", is: "7", refused: outside(0, 3600)) {
      $0.shutdownDelaySeconds
    },
    Row(
      .top, "pid_file", "\"slotd.pid\"", variable: "/etc/slotd/slotd.pid",
      is: "/etc/slotd/slotd.pid",
      refused: [("1", "1 is not the path of a file"), ("\"\"", "\"\" is not the path")]
    ) { $0.pidFile },
    Row(.top, "core_dumps", "true", variable: "true", is: "true", refused: notBoolean) {
      $0.coreDumps
    },
    Row(
      .top, "log_user_key", "\"a-key-of-16-bytes!\"", variable: "a-key-of-16-bytes!",
      is: "a-key-of-16-bytes!", refused: secret(16)
    ) { $0.logUserKey?.text },
    Row(
      .top, "log_user_key_file", "\"/s/key\"", variable: "/s/key", is: "file-key-of-16-bytes",
      refused: secretFile
    ) { $0.logUserKey?.text },
    Row(
      .top, "log_format", "\"json\"", variable: "json", is: "json",
      refused: [("\"xml\"", #""xml" is not "human" or "json""#), ("1", "1 is not")]
    ) { $0.logFormat },
    Row(
      .top, "log_level", "\"debug\"", variable: "debug", is: "debug",
      refused: [("\"DEBUG\"", "is not \"trace\", \"debug\""), ("true", "true is not")]
    ) { $0.logLevel },
    Row(.top, "status_page", "false", variable: "false", is: "false", refused: notBoolean) {
      $0.statusPage
    },
    Row(.top, "probe_interval", "0", variable: "0", is: "0", refused: outside(0, 86400)) {
      $0.probeIntervalSeconds
    },
    Row(.top, "probe_failures", "5", variable: "5", is: "5", refused: outside(1, 1000)) {
      $0.probeFailures
    },
    Row(
      .top, "refuse_when_bucket_down", "true", variable: "true", is: "true", refused: notBoolean
    ) { $0.refuseWhenBucketDown },
    Row(
      .top, "backend", "\"embedded\"", variable: "", besides: "embedded.directory = '/d'",
      is: "embedded", refused: [("\"disk\"", #""disk" is not "s3" or "embedded""#)]
    ) { $0.services[0].backend },
  ]

  static let usesEmbedded = "backend = 'embedded'\nembedded.directory = '/d'"
  static let embedded: [Row] = [
    Row(
      .top, "embedded.directory", "\"data\"", variable: "/etc/slotd/data",
      besides: "backend = 'embedded'",
      is: "/etc/slotd/data",
      refused: [("1", "1 is not the path of a directory"), ("\"\"", "\"\" is not the path")]
    ) { $0.embedded?.directory },
    Row(
      .top, "embedded.listen", "\"127.0.0.1:1\"", variable: "127.0.0.1:1", besides: usesEmbedded,
      is: "127.0.0.1:1",
      refused: [
        ("\"here\"", "\"here\" is not an address"), ("\"127.0.0.1:5480\"", "taken by listen"),
      ]
    ) { $0.embedded?.listen },
    Row(
      .top, "embedded.public_url", "\"https://f.example.org/\"",
      variable: "https://f.example.org/", besides: usesEmbedded, is: "https://f.example.org",
      refused: notURL
    ) { $0.embedded?.publicURL },
    Row(
      .top, "embedded.anonymous_get", "false", variable: "false", besides: usesEmbedded,
      is: "false", refused: notBoolean
    ) { $0.embedded?.anonymousGet },
    Row(
      .top, "embedded.upload_status", "201", variable: "201", besides: usesEmbedded, is: "201",
      refused: outside(200, 201)
    ) { $0.embedded?.uploadStatus },
    Row(
      .top, "embedded.max_object_size", "9", variable: "9", besides: usesEmbedded, is: "9",
      refused: outside(1, 5_368_709_120)
    ) { $0.embedded?.maxObjectSize },
    Row(
      .top, "embedded.cors_origins", "[\"https://Chat.example.org:444\"]",
      variable: "https://chat.example.org:444", besides: usesEmbedded,
      is: "[\"https://chat.example.org:444\"]",
      refused: [
        ("\"*\"", "is not a list"), ("[\"chat.example.org\"]", "is not \"*\" or an origin"),
        ("[\"https://x.org/\"]", "is not \"*\" or an origin"),
      ]
    ) { $0.embedded?.corsOrigins },
  ]

  static let host: [Row] =
    [
      Row(
        .host, "backend", "\"s3\"", variable: "s3", is: "s3",
        refused: [("\"disk\"", #""disk" is not "s3" or "embedded""#)]
      ) { if case .s3 = $0.services[0].backend { "s3" } else { "embedded" } },
      Row(
        .host, "expiration_time", "604799", variable: "604799", is: "604799",
        refused: outside(1, 604_799)
      ) { $0.services[0].expirationSeconds },
      Row(.host, "token_bytes", "16", variable: "16", is: "16", refused: outside(16, 128)) {
        $0.services[0].tokenBytes
      },
      Row(
        .host, "max_file_size", "1", variable: "1", is: "bytes(1)",
        refused: [
          ("0", "0 is not"), ("\"1G\"", "is not a whole number of bytes"), ("-1", "-1 is not"),
        ]
      ) { $0.services[0].maxFileSize },
      Row(
        .host, "access", #"["Example.NET", "romeo@example.org"]"#,
        variable: "example.net,romeo@example.org",
        is: #"list(domains: ["example.net"], jids: ["romeo@example.org"])"#,
        refused: [
          ("\"none\"", "is not \"local\", \"all\" or a list"), ("[\"a@b/c\"]", "neither a domain"),
          ("[\"@example.org\"]", "neither a domain"), ("[\"\"]", "neither a domain"),
          ("1", "1 is not"),
        ]
      ) { $0.services[0].access },
      Row(
        .host, "service_name", "\"Dateien\"", variable: "Dateien", is: "Dateien",
        refused: [("\"\"", "is not a text that is not empty"), ("1", "1 is not a text")]
      ) { $0.services[0].serviceName },
      Row(
        .host, "sign_content_type", "\"when_given\"", variable: "when_given", is: "whenGiven",
        refused: [("\"maybe\"", #"is not "never", "when_given" or "always""#)]
      ) { $0.services[0].signContentType },
      Row(
        .host, "content_types", #"["image/*", "Video/MP4"]"#, variable: "image/*,video/mp4",
        is: #"["image/*", "video/mp4"]"#,
        refused: [
          ("[\"image\"]", "is not a media type"), ("[\"*/png\"]", "is not a media type"),
          ("[\"image/png; q=1\"]", "is not a media type"), ("[]", "would refuse every file"),
          ("\"image/png\"", "is not a list"),
        ]
      ) { $0.services[0].contentTypes },
      Row(
        .host, "purposes", #"["message", "profile"]"#, variable: "message,profile",
        is: "message profile",
        refused: [("[\"chat\"]", "\"chat\" is not \"message\""), ("[]", "would refuse every file")]
      ) { $0.services[0].purposes.map(\.rawValue).sorted().joined(separator: " ") },
      Row(
        .host, "domains", #"["Example.net"]"#, variable: "example.net",
        is: #"listed(["example.net"])"#,
        refused: [("[\"a b\"]", "\"a b\" is not an XMPP domain"), ("\"a.b\"", "is not a list")]
      ) { $0.services[0].domains },
      Row(
        .host, "key_layout", "\"user\"", variable: "user",
        besides: "jid_key = 'a-key-of-16-bytes!'",
        is: "user(jidKey: (secret))", refused: [("\"jid\"", #"is not "token" or "user""#)]
      ) { $0.services[0].keyLayout },
      Row(
        .host, "jid_key", "\"a-key-of-16-bytes!\"", variable: "a-key-of-16-bytes!",
        besides: "key_layout = 'user'", is: "user(jidKey: (secret))", refused: secret(16)
      ) { $0.services[0].keyLayout },
      Row(
        .host, "jid_key_file", "\"/s/key\"", variable: "/s/key", besides: "key_layout = 'user'",
        is: "user(jidKey: (secret))", refused: secretFile
      ) { $0.services[0].keyLayout },
      Row(
        .host, "get", "\"presigned\"", variable: "presigned", is: "presigned(seconds: 604799)",
        refused: [("\"private\"", #"is not "public" or "presigned""#)]
      ) { $0.services[0].get },
      Row(
        .host, "get_expiration_time", "60", variable: "60", besides: "get = 'presigned'",
        is: "presigned(seconds: 60)", refused: outside(1, 604_799)
      ) { $0.services[0].get },
    ]
    + FilePurpose.allCases.map { purpose in
      Row(
        .host, "retention.\(purpose.rawValue)", "\"30d\"", variable: "30d",
        besides: "key_layout = 'user'\njid_key = 'a-key-of-16-bytes!'", is: "30",
        refused: [
          ("30", "30 is not a time"), ("\"0d\"", "is not a time"), ("\"30\"", "is not a time"),
          ("\"101y\"", "is not a time"), ("\"9223372036854775807y\"", "is not a time"),
        ]
      ) { $0.services[0].retentionDays[purpose] }
    }

  static let key = "s3.secret_access_key = 'k'"
  static let id = "s3.access_key_id = 'i'"
  static let bucket: [Row] = [
    Row(
      .host, "s3.access_key_id", "\"AKIA\"", variable: "AKIA", besides: key, is: "AKIA",
      refused: secret(1)
    ) { $0.bucket?.credentials?.accessKeyID.text },
    Row(
      .host, "s3.access_key_id_file", "\"/s/crlf\"", variable: "/s/crlf", besides: key,
      is: "file-key-of-16-bytes", refused: secretFile
    ) { $0.bucket?.credentials?.accessKeyID.text },
    Row(
      .host, "s3.secret_access_key", "\"s/+k\"", variable: "s/+k", besides: id, is: "s/+k",
      refused: secret(1)
    ) { $0.bucket?.credentials?.secretAccessKey.text },
    Row(
      .host, "s3.secret_access_key_file", "\"relative\"", variable: "/s/key", besides: id,
      is: "relative-of-16-bytes", refused: secretFile
    ) { $0.bucket?.credentials?.secretAccessKey.text },
    Row(
      .host, "s3.session_token", "\"t==\"", variable: "t==", besides: "\(id)\n\(key)", is: "t==",
      refused: secret(1)
    ) { $0.bucket?.credentials?.sessionToken?.text },
    Row(
      .host, "s3.session_token_file", "\"/s/key\"", variable: "/s/key", besides: "\(id)\n\(key)",
      is: "file-key-of-16-bytes", refused: secretFile
    ) { $0.bucket?.credentials?.sessionToken?.text },
    Row(
      .host, "s3.instance_metadata", "true", variable: "true", is: "true", refused: notBoolean
    ) { $0.bucket?.asksInstance },
    Row(.host, "s3.add_acl", "true", variable: "true", is: "true", refused: notBoolean) {
      $0.bucket?.addACL
    },
    Row(
      .host, "s3.download_url", "\"https://cdn.example.org/\"",
      variable: "https://cdn.example.org/", is: "https://cdn.example.org/", refused: notURL
    ) { $0.bucket?.downloadURL },
    Row(
      .host, "s3.ca_file", "\"ca.pem\"", variable: "/etc/slotd/ca.pem", is: "/etc/slotd/ca.pem",
      refused: [("\"none.pem\"", "/etc/slotd/none.pem does not exist"), ("1", "1 is not the path")]
    ) { $0.bucket?.caFile },
  ]

  static let pasted: [Row] = [
    Row(
      .host, "host", "\"Upload.example.org\"", variable: "", is: "upload.example.org",
      refused: [("\"upload.@HOST@\"", "is not the section's name"), ("1", "1 is not")]
    ) { $0.services[0].host },
    Row(
      .host, "iqdisc.type", "\"one_queue\"", variable: "", is: "upload.example.org",
      refused: [("1", "1 is not a text")]
    ) { $0.services[0].host },
  ]

  @Test func everyKeyHasARow() {
    let required = ["s3.bucket_url", "s3.region"]  // which every table loads with
    #expect(Set(Self.rows.map { "\($0.scope) \($0.name)" }).count == Self.rows.count)
    #expect(
      Set(Self.rows.map { "\($0.scope) \($0.name)" })
        == Set(Keys.all.filter { !required.contains($0.name) }.map { "\($0.scope) \($0.name)" }))
  }

  @Test(arguments: rows) func fromTheFile(_ row: Row) {
    let loaded = row.load(row.value)
    #expect(loaded.mistakes == [])
    #expect(loaded.configuration.map(row.shown) == row.expected)
  }

  @Test(arguments: rows.filter { !$0.variable.isEmpty }) func fromItsVariable(_ row: Row) throws {
    let entry = try #require(Keys.all.first { $0.name == row.name && $0.scope == row.scope })
    let besides = row.besides
    let loaded =
      row.scope == .top
      ? load(top: besides, environment: [entry.variable: row.variable])
      : load(host: besides, environment: [entry.variable: row.variable])
    #expect(loaded.mistakes == [])
    // A relative path is the process's own in a variable, so that one row has another file there.
    let expected = row.name == "s3.secret_access_key_file" ? "file-key-of-16-bytes" : row.expected
    #expect(loaded.configuration.map(row.shown) == expected)
  }

  @Test(arguments: rows) func refuses(_ row: Row) {
    for (value, words) in row.refused {
      let mistakes = row.load(value).mistakes
      #expect(mistakes.count == 1, "\(value): \(mistakes)")
      let line = row.scope == .top ? 1 : 5
      let key = row.scope == .top ? row.name : "hosts.\"upload.example.org\".\(row.name)"
      #expect(
        mistakes.first?.hasPrefix("/etc/slotd/slotd.toml:\(line): \(key): ") == true, "\(mistakes)")
      #expect(mistakes.first?.contains(words) == true, "\(value): \(mistakes)")
    }
  }

  @Test func defaultsAreThoseOfMongooseIM() throws {
    let service = try #require(load().configuration?.services.first)
    #expect(service.expirationSeconds == 60)
    #expect(service.tokenBytes == 32)
    #expect(service.serviceName == "HTTP File Upload")
    #expect(service.domains == .listed(["example.org"]))
  }
}

extension Configuration {
  /// The bucket of the first service.
  var bucket: BucketSettings? {
    if case .s3(let bucket)? = services.first?.backend { bucket } else { nil }
  }
}
