import Testing

@testable import Settings

@Suite struct ImportTests {
  static let mongooseIM = example("mongooseim.toml")
  static let ejabberd = example("ejabberd.yml")

  /// A file of `Examples`: what the documentation of a peer shows.
  private static func example(_ name: String) -> String {
    let path = #filePath.replacing("ImportTests.swift", with: "Examples/\(name)")
    guard case .success(let bytes) = Result(catching: { try FileReader.system.read(path) }) else {
      Issue.record("\(path) cannot be read")
      return ""
    }
    return String(decoding: bytes.dropLast(), as: UTF8.self)
  }

  /// What the imported text loads to; an issue where the import or the loading fails.
  private func services(_ text: String, _ file: String) throws -> [UploadService] {
    let imported = try Import.read(text, named: file).get()
    return try Configuration.load(text: imported.text, named: "slotd.toml").result.get().services
  }

  private func notes(_ text: String, _ file: String) throws -> [String] {
    try Import.read(text, named: file).get().notes.map(\.description)
  }

  private func mistakes(_ text: String, _ file: String) -> [String] {
    if case .failure(let mistakes) = Import.read(text, named: file) {
      mistakes.all.map(\.description)
    } else {
      []
    }
  }

  @Test func mongooseIMsDocumentedExample() throws {
    let service = try #require(try services(Self.mongooseIM, "mongooseim.toml").first)
    #expect(service.host.description == "upload.@HOST@")
    #expect(service.expirationSeconds == 120)
    #expect(service.tokenBytes == 32)
    #expect(service.maxFileSize == .bytes(10_485_760), "MongooseIM's default, made explicit")
    #expect(service.signContentType == .never)
    guard case .s3(let bucket) = service.backend else { return #expect(Bool(false)) }
    #expect(bucket.bucketURL == "https://s3-eu-west-1.amazonaws.com/mybucket")
    #expect(bucket.region == "eu-west-1")
    #expect(bucket.addACL)
    #expect(bucket.credentials?.accessKeyID.text == "AKIAIOSFODNN7EXAMPLE")
    #expect(
      bucket.credentials?.secretAccessKey.text == "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    let notes = try notes(Self.mongooseIM, "mongooseim.toml")
    #expect(notes.count == 3)
    #expect(
      notes.contains { $0.hasPrefix("mongooseim.toml:7: MongooseIM wants the client to send") })
  }

  @Test func modS3UploadsDocumentedExample() throws {
    let service = try #require(try services(Self.ejabberd, "ejabberd.yml").first)
    #expect(service.host.description == "upload.@HOST@")
    #expect(service.expirationSeconds == 600)
    #expect(service.maxFileSize == .bytes(1_073_741_824))
    #expect(service.access == .local)
    #expect(service.serviceName == "S3 Upload")
    guard case .s3(let bucket) = service.backend else { return #expect(Bool(false)) }
    #expect(bucket.bucketURL == "https://my-bucket.whatever-service.com")
    #expect(bucket.region == "us-east-2")
    #expect(bucket.addACL)
    #expect(bucket.credentials?.secretAccessKey.text == "whatever")
    let notes = try notes(Self.ejabberd, "ejabberd.yml")
    #expect(notes.count == 1)
    #expect(notes[0].hasPrefix("ejabberd.yml:11: mod_s3_upload asks for this ACL"))
  }

  @Test func defaultsOfModS3UploadAreMadeExplicit() throws {
    let text = """
      modules:
        mod_s3_upload:
          region: us-east-2
          bucket_url: https://my-bucket.whatever-service.com
      """
    let service = try #require(try services(text, "ejabberd.yml").first)
    #expect(service.expirationSeconds == 600)
    #expect(service.maxFileSize == .bytes(1_073_741_824))
    #expect(service.serviceName == "S3 Upload")
    guard case .s3(let bucket) = service.backend else { return #expect(Bool(false)) }
    #expect(bucket.addACL)
    #expect(bucket.credentials == nil)
    #expect(try notes(text, "ejabberd.yml").contains { $0.contains("there is no access key") })
  }

  @Test func aWholeMongooseIMFile() throws {
    let text = """
      [general]
        hosts = ["example.org", "example.net"]
      [[listen.c2s]]
        port = 5222
      [modules.mod_http_upload]
        iqdisc.type = "one_queue"
        s3.bucket_url = "https://a.example.org/"
        s3.region = "r1"
      [[host_config]]
        host = "example.net"
        [host_config.modules.mod_http_upload]
          max_file_size = "infinity"
          s3.bucket_url = "https://b.example.org/"
          s3.region = "r2"
      [[host_config]]
        host = "example.com"
        [host_config.modules.mod_roster]
      [[host_config]]
        host_type = "local"
        [host_config.modules.mod_http_upload]
          host = "files.@HOST@"
          s3.bucket_url = "https://c.example.org/"
          s3.region = "r3"
      """
    let services = try services(text, "mongooseim.toml")
    #expect(
      services.map(\.host.description) == ["upload.@HOST@", "upload.example.net", "files.@HOST@"])
    #expect(services.map(\.domains) == [.any, .listed(["example.net"]), .listed([])])
    #expect(services[1].maxFileSize == .unlimited)
    let notes = try notes(text, "mongooseim.toml")
    #expect(notes.contains { $0.hasPrefix("mongooseim.toml:6: iqdisc has a meaning") })
    #expect(
      notes.contains { $0.hasPrefix("mongooseim.toml:15: \"example.com\" has modules of its own") })
    #expect(notes.contains { $0.contains("this was for one host type alone") })
  }

  @Test func aWholeEjabberdFile() throws {
    let text = """
      hosts: [example.org, example.net]
      define_macro:
        REGION: r1
        LIMIT: 5000
        NET: { region: r2, bucket_url: "https://b.example.org/", access: [allow: [user: "a@b"]], hosts: ["up.@HOST@"] }
      modules:
        mod_roster: {}
        mod_s3_upload: &s3
          region: REGION
          max_size: LIMIT
          bucket_url: https://a.example.org/path
          access_key_id: 007
          access_key_secret: "1234"
          put_ttl: infinity
          set_public: false
          hosts: [upload.@HOST@, files.example.org]
          speed: 3
      host_config:
        example.net:
          modules:
            mod_s3_upload: NET
        example.com:
          modules:
            mod_s3_upload: *s3
      """
    let services = try services(text, "ejabberd.yml")
    #expect(
      services.map(\.host.description) == [
        "upload.@HOST@", "files.example.org", "up.example.net", "upload.example.com",
      ])
    #expect(services[0].expirationSeconds == 604_799)
    #expect(services[0].maxFileSize == .bytes(5000))
    guard case .s3(let bucket) = services[0].backend else { return #expect(Bool(false)) }
    #expect(bucket.region == "r1")
    #expect(
      bucket.credentials?.accessKeyID.text == "007",
      "a text that looks like a number stays as it is")
    #expect(!bucket.addACL)
    let notes = try notes(text, "ejabberd.yml")
    #expect(notes.contains { $0.hasPrefix("ejabberd.yml:14: expiration_time: 604799 is the most") })
    #expect(notes.contains { $0.hasPrefix("ejabberd.yml:11: mod_s3_upload leaves the last part") })
    #expect(notes.contains { $0.hasPrefix("ejabberd.yml:17: speed is not known here") })
    #expect(notes.contains { $0.hasPrefix("ejabberd.yml:5: the access rule of ejabberd") })
    #expect(notes.contains { $0.contains("files.example.org stands at line 8 already") })
  }

  @Test(arguments: [
    ("token_bytes = 8", "token_bytes: 8 became 16", "16"),
    ("token_bytes = 500", "token_bytes: 500 became 128", "128"),
    ("max_file_size = \"undefined\"", "", "\"infinity\""),
    ("max_file_size = 7", "", "7"),
    ("s3.acl = 1", "s3.acl is not known here", "# s3.acl is not known here"),
    ("\"x\\ny = 1\" = 1", "\"x\\ny = 1\" is not known here", "# \"x\\ny = 1\" is not known"),
  ]) func mongooseIMsOptions(_ line: String, _ note: String, _ words: String) throws {
    let imported = try Import.read(Self.mongooseIM + "\n\(line)", named: "m.toml").get()
    #expect(imported.text.contains(words), "\(imported.text)")
    #expect(
      note.isEmpty || imported.notes.contains { $0.description.contains("m.toml:10: \(note)") })
  }

  @Test func aTimeBeyondWhatS3SignsIsCut() throws {
    let text = Self.mongooseIM.replacing("= 120", with: "= 700000")
    #expect(try services(text, "m.toml").first?.expirationSeconds == 604_799)
    #expect(
      try notes(text, "m.toml").contains {
        $0.contains("m.toml:4: expiration_time: 700000 became 604799")
      })
  }

  @Test(arguments: [
    ("access: all", ".all"), ("access: none", "nobody"), ("access: local", ".local"),
    ("max_size: 0", "unlimited"),
    ("max_size: infinity", "unlimited"),
  ]) func modS3UploadsOptions(_ line: String, _ expected: String) throws {
    let base = "modules:\n  mod_s3_upload:\n    region: r\n    bucket_url: https://b.example.org/\n"
    let service = try #require(try services(base + "    \(line)\n", "e.yaml").first)
    switch expected {
    case ".all": #expect(service.access == .all)
    case ".local": #expect(service.access == .local)
    case "nobody": #expect(service.access == .list(domains: [], jids: []))
    default: #expect(service.maxFileSize == .unlimited)
    }
  }

  @Test(arguments: [
    ("", "a.toml", "a.toml configures no mod_http_upload"),
    ("", "a.yml", "a.yml configures no mod_s3_upload"),
    ("modules:\n  mod_http_upload: {}", "ejabberd.yml", "configures no mod_s3_upload"),
    ("a = ", "a.toml", "a.toml:1: a value is missing"),
    ("a: [", "a.yml", ": this is not valid YAML"),
    ("a: *b", "a.yml", "a.yml:1: this alias has no anchor"),
    (
      "modules:\n  mod_s3_upload:\n    region: r\n", "a.yml",
      "a.yml:2: s3.bucket_url: this is missing"
    ),
    (
      "modules:\n  mod_s3_upload:\n    region: r\n    bucket_url: ftp://x\n", "a.yml",
      "a.yml:4: s3.bucket_url: the URL must begin"
    ),
    (
      "[modules.mod_http_upload]\ns3.region = 'r'\ns3.bucket_url = 5", "a.toml",
      "a.toml:3: s3.bucket_url: 5 is not"
    ),
    ("[modules.mod_http_upload]\nbackend = 'disk'", "a.toml", "a.toml:2: backend: \"disk\" is not"),
    ("[modules.mod_http_upload]\nhost = 'a b'", "a.toml", "a.toml:1: the name is no domain"),
  ]) func saysWhatCannotBeImported(_ text: String, _ file: String, _ words: String) {
    let found = mistakes(text, file)
    #expect(found.contains { $0.contains(words) }, "\(found)")
  }

  @Test func theKindOfFileIsFoundWithoutItsName() throws {
    #expect(try services(Self.ejabberd, "config").first?.expirationSeconds == 600)
    #expect(try services(Self.mongooseIM, "config").first?.expirationSeconds == 120)
    let keysAlone = Self.mongooseIM.split(separator: "\n").dropFirst().joined(separator: "\n")
    #expect(try services(keysAlone, "section.toml").first?.expirationSeconds == 120)
  }

  @Test func notesAndMistakesShowNoSecret() {
    let marker = "Xq7SECRETvalueZk9"
    let texts = [
      (
        "modules:\n  mod_s3_upload:\n    access_key_secret: \(marker)\n    secret: \(marker)",
        "a.yml"
      ),
      ("modules:\n  mod_s3_upload:\n    access_key_secret: '\(marker)\n", "a.yml"),
      (
        "modules:\n  mod_s3_upload:\n    access_key_secret: [\(marker) two]\n    bucket_url: http://k:\(marker)@x",
        "a.yml"
      ),
      ("[modules.mod_http_upload]\ns3.secret_access_key = \(marker)", "a.toml"),
      (
        "[modules.mod_http_upload]\ns3.secret_access_key = '\(marker)'\ns3.secret = '\(marker)'",
        "a.toml"
      ),
    ]
    for (text, file) in texts {
      let found = mistakes(text, file)
      #expect(!found.isEmpty)
      #expect(!found.joined().contains(marker), "\(found)")
    }
  }

  /// What import prints passes `slotd check`, whatever it was given.
  @Test func whateverIsImportedLoads() throws {
    var random = Generator(state: 0x1a7)
    let pieces = [
      "\n", " ", ":", "- ", "[", "]", "{", "}", "'", "\"", "#", "&a ", "*a", "!", "%", "@HOST@",
      "0", "-1", "infinity",
      "true", "=", "upload", "max_size", "\\", "\u{e9}", "\t", "|", ">", "?", "~", "\u{1}",
    ]
    var imported = 0
    for round in 0..<3000 {
      let isYAML = round.isMultiple(of: 2)
      var text = Array((isYAML ? Self.ejabberd : Self.mongooseIM).unicodeScalars)
      for _ in 0...random.next(below: 3) {
        let from = random.next(below: text.count)
        let to = min(text.count, from + random.next(below: 5))
        text.replaceSubrange(
          from..<to, with: pieces[random.next(below: pieces.count)].unicodeScalars)
      }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: text)
      guard
        case .success(let result) = Import.read(String(view), named: isYAML ? "a.yml" : "a.toml")
      else { continue }
      imported += 1
      #expect(
        Configuration.load(text: result.text, named: "slotd.toml").mistakes == [], "\(result.text)")
    }
    #expect(imported > 300)
  }
}

@Suite struct YAMLNodeTests {
  @Test func readsMapsListsAndLines() throws {
    let node = try YAMLNode("a: 1\nb:\n  - x\n  - 'y: z'\nc:\n  d: |\n    two\n    lines\n")
    #expect(node["a"]?.text == "1")
    guard case .list(let list)? = node["b"]?.value else { return #expect(Bool(false)) }
    #expect(list.map(\.text) == ["x", "y: z"])
    #expect(list.map(\.line) == [3, 4])
    #expect(node["c"]?["d"]?.text == "two\nlines\n")
  }

  @Test func aliasesCannotBlowUp() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for i in 1...5 {
      let aliases = Array(repeating: "*a\(i - 1)", count: 10).joined(separator: ", ")
      text += "a\(i): &a\(i) [\(aliases)]\n"
    }
    // The node is not kept: what a failure would print of it has no end.
    do {
      _ = try YAMLNode(text)
      Issue.record("the aliases were followed")
    } catch {
      #expect(error.sentence == "there are too many values here")
    }
  }

  @Test(arguments: [
    (String(repeating: "[", count: 100_000), "a hundred thousand lists"),
    (String(repeating: "{a: ", count: 1000), "a thousand maps"),
    ("a: b: c", "two colons"), ("\ta: 1", "a tab"), ("a: 'x", "no closing quote"),
    ("a: @HOST@", "a reserved sign"),
  ]) func refuses(_ text: String, _ reason: String) {
    #expect(throws: SyntaxFault.self, "\(reason)") { try YAMLNode(text) }
  }

  @Test(arguments: ["", "# nothing\n", "---\n", "---\n...\n"]) func nothingIsNoKey(_ text: String)
    throws
  {
    #expect(try YAMLNode(text)["modules"] == nil)
  }
}
