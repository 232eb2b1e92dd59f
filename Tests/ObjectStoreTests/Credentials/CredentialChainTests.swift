import Signing
import Testing

@testable import ObjectStore

/// Which source is used, and what is wrong where none can be.
struct CredentialChainTests {
  private static let key = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "env"]
  private static let role = [
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/uploads",
  ]
  private static let container = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1"]
  private static let home = ["HOME": "/home"]
  private static let credentials = """
    [default]
    aws_access_key_id = AKIADEFAULT
    aws_secret_access_key = default
    [uploads]
    aws_access_key_id = ASIAUPLOADS
    aws_secret_access_key = uploads
    aws_session_token = token
    [half]
    aws_access_key_id = AKIAHALF
    """
  private static let config = """
    [default]
    region = eu-west-1
    [profile uploads]
    aws_access_key_id = AKIAOTHER
    aws_secret_access_key = other
    [profile process]
    credential_process = /bin/key
    [profile pod]
    role_arn = arn:aws:iam::1:role/pod
    web_identity_token_file = ~/token
    [profile chained]
    role_arn = arn:aws:iam::1:role/chained
    source_profile = uploads
    [profile browser]
    sso_session = mine
    [profile region]
    region = eu-west-1
    """

  struct Row: Sendable {
    let environment: [[String: String]]
    var files: [String: String] = [:]
    var asksInstance = false
    let source: String?
    let reason: String
  }

  @Test(arguments: [
    Row(environment: [], source: nil, reason: "nothing is set up"),
    Row(environment: [key], source: "the environment (AWS_ACCESS_KEY_ID)", reason: "a key"),
    Row(
      environment: [key, role, container, home], files: ["/home/.aws/credentials": credentials],
      asksInstance: true, source: "the environment (AWS_ACCESS_KEY_ID)",
      reason: "the environment is before all that is outside the configuration"),
    Row(
      environment: [role, container, home], files: ["/home/.aws/credentials": credentials],
      asksInstance: true, source: "STS, for the role arn:aws:iam::1:role/uploads",
      reason: "a web identity is next"),
    Row(
      environment: [container, home], files: ["/home/.aws/credentials": credentials],
      asksInstance: true, source: "the shared files' profile default",
      reason: "then the shared files"),
    Row(
      environment: [container, home], files: ["/home/.aws/config": config], asksInstance: true,
      source: "the container's credentials endpoint",
      reason: "then the container; a profile with a region alone is none"),
    Row(
      environment: [home], asksInstance: true, source: "the instance's metadata service",
      reason: "then the instance"),
    Row(environment: [home], source: nil, reason: "and that only where it was asked for"),
    Row(
      environment: [["AWS_EC2_METADATA_DISABLED": "TRUE"]], asksInstance: true, source: nil,
      reason: "nor where the environment forbids it"),
    Row(
      environment: [["AWS_ROLE_ARN": "arn"]], source: nil, reason: "a role without a token is none"),
    Row(
      environment: [["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""], container],
      source: "the container's credentials endpoint", reason: "empty variables are none"),
    Row(
      environment: [home, ["AWS_PROFILE": "uploads"]],
      files: ["/home/.aws/credentials": credentials, "/home/.aws/config": config],
      source: "the shared files' profile uploads", reason: "a profile that was chosen"),
    Row(
      environment: [["AWS_SHARED_CREDENTIALS_FILE": "/keys"]], files: ["/keys": credentials],
      source: "the shared files' profile default", reason: "a file that was named, without a home"),
    Row(
      environment: [home, ["AWS_SHARED_CREDENTIALS_FILE": "~/keys"]],
      files: ["/home/keys": credentials], source: "the shared files' profile default",
      reason: "a file that was named below home"),
    Row(
      environment: [home, ["AWS_PROFILE": "pod"]], files: ["/home/.aws/config": config],
      source: "STS, for the role arn:aws:iam::1:role/pod", reason: "a web identity of a profile"),
  ])
  func theFirstSourceCounts(_ row: Row) throws {
    let chain = CredentialChain(
      region: "eu-west-1", asksInstance: row.asksInstance,
      in: .made(row.environment.merged, files: row.files))
    #expect(try chain.source()?.name == row.source, "\(row.reason)")
    #expect(chain.isSetUp == (row.source != nil), "\(row.reason)")
  }

  @Test(
    arguments: [
      ([["AWS_ACCESS_KEY_ID": "AKIA"]], "half a key"),
      ([["AWS_SECRET_ACCESS_KEY": "secret"], container], "half a key"),
      ([key, ["AWS_CREDENTIAL_EXPIRATION": "soon"]], "AWS_CREDENTIAL_EXPIRATION"),
      ([["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"]], "AWS_ROLE_ARN"),
      ([home, ["AWS_PROFILE": "nobody"]], "no profile nobody in /home/.aws/credentials nor in"),
      ([home, ["AWS_PROFILE": "half"]], "half a key"),
      ([home, ["AWS_PROFILE": "process"]], "credential_process, and slotd runs no programs"),
      ([home, ["AWS_PROFILE": "chained"]], "the key of another profile"),
      ([home, ["AWS_PROFILE": "browser"]], "browser"),
      ([home, ["AWS_PROFILE": "region"]], "holds no key"),
      ([home, ["AWS_SHARED_CREDENTIALS_FILE": "/none"]], "/none does not exist"),
      ([home, ["AWS_CONFIG_FILE": "/bad"]], "/bad:2: "),
      ([["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "v2"]], "slash"),
      ([["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.org/"]], "plain http"),
    ] as [([[String: String]], String)])
  func whatIsSetUpBadlyIsNotPassedOver(_ environment: [[String: String]], _ words: String) {
    let chain = CredentialChain(
      region: "eu-west-1", asksInstance: true,
      in: .made(
        environment.merged,
        files: [
          "/home/.aws/credentials": Self.credentials, "/home/.aws/config": Self.config,
          "/bad": "[default]\nsecret-that-nobody-may-read\n",
        ]))
    let sentence = outcome { () throws(CredentialFailure) in try chain.source()?.name }.sentence
    #expect(sentence?.contains(words) == true, "\(sentence ?? "no failure")")
    #expect(sentence?.contains("secret-that") == false)
    #expect(chain.isSetUp)
  }

  @Test(
    arguments: [
      ([key], Credentials(accessKeyID: "AKIAENV", secretAccessKey: "env")),
      (
        [
          key,
          ["AWS_SESSION_TOKEN": "t", "AWS_CREDENTIAL_EXPIRATION": "2026-11-21T10:11:12+00:00"],
        ],
        Credentials(
          accessKeyID: "AKIAENV", secretAccessKey: "env", sessionToken: "t",
          expiresAt: 1_795_255_872)
      ),
      ([home], Credentials(accessKeyID: "AKIADEFAULT", secretAccessKey: "default")),
      (
        [home, ["AWS_PROFILE": "uploads"]],
        Credentials(accessKeyID: "ASIAUPLOADS", secretAccessKey: "uploads", sessionToken: "token")
      ),
    ] as [([[String: String]], Credentials)])
  func theWholeKeyIsRead(_ environment: [[String: String]], _ expected: Credentials) throws {
    let surroundings = Surroundings.made(
      environment.merged,
      files: ["/home/.aws/credentials": Self.credentials, "/home/.aws/config": Self.config])
    let chain = CredentialChain(region: "auto", in: surroundings)
    let read = try chain.source()?.credentials(surroundings, over: nil)
    #expect(read?.isSame(as: expected) == true)
  }

  @Test func theConfigurationIsBeforeEverything() throws {
    let configured = CredentialChain.Configured(files: ["/key"]) {
      Credentials(accessKeyID: "AKIA", secretAccessKey: "secret")
    }
    let chain = CredentialChain(
      configured: configured, region: "auto", in: .made(Self.key.merging(Self.role) { $1 }))
    #expect(try chain.source()?.name == "the configuration")
    #expect(chain.files == ["/key"])
  }

  @Test(
    arguments: [
      ([home], ["/home/.aws/credentials", "/home/.aws/config"], "the usual files, there or not"),
      ([home, ["AWS_CONFIG_FILE": "/c"]], ["/home/.aws/credentials", "/c"], "one that was named"),
      ([home, key], [], "the environment counts before them"),
      ([home, role], [], "so does a web identity, whose token is read each time anyway"),
      ([], [], "there is no home"),
    ] as [([[String: String]], [String], String)])
  func filesThatAreWatched(
    _ environment: [[String: String]], _ files: [String], _ reason: String
  ) {
    let chain = CredentialChain(region: "auto", in: .made(environment.merged))
    #expect(chain.files == files, "\(reason)")
  }
}

extension [[String: String]] {
  fileprivate var merged: [String: String] { reduce(into: [:]) { $0.merge($1) { $1 } } }
}
