public import Signing
internal import Wire

/// The sources of a bucket's credentials in the order in which they are tried: configuration, environment, web identity, shared
/// files, container endpoint, instance metadata (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
///
/// The first that is set up counts, whether it works or not: to go on to the next would sign with rights that nobody meant.
public struct CredentialChain: Sendable {
  /// A key of the configuration whose parts stand in files.
  public struct Configured: Sendable {
    /// The files.
    let files: [String]
    /// Reads the key out of them.
    let read: @Sendable () throws(CredentialFailure) -> Credentials

    /// A key that `read` reads out of `files`.
    public init(
      files: [String], read: @escaping @Sendable () throws(CredentialFailure) -> Credentials
    ) {
      self.files = files
      self.read = read
    }
  }

  private let configured: Configured?
  private let region: String
  private let asksInstance: Bool
  let surroundings: Surroundings

  /// The chain of a bucket in `region`. The metadata service of an instance is asked only where `asksInstance` says so: elsewhere than
  /// in EC2 it would be somebody else who answers.
  public init(
    configured: Configured? = nil, region: String, asksInstance: Bool = false,
    in surroundings: Surroundings
  ) {
    self.configured = configured
    self.region = region
    self.asksInstance = asksInstance
    self.surroundings = surroundings
  }

  /// Whether any source is set up, well or badly.
  public var isSetUp: Bool {
    if configured != nil { return true }
    do throws(CredentialFailure) {
      return try source() != nil
    } catch {
      return true
    }
  }

  /// The first source that is set up, or nil; throws where it is set up badly.
  func source() throws(CredentialFailure) -> CredentialSource? {
    if let configured { return .configuration(try configured.read()) }
    if let key = try environmentKey() { return .environment(key) }
    if let role = try WebIdentity(surroundings, region: region) { return .webIdentity(role) }
    if let profile = try SharedProfile(surroundings) {
      switch try profile.meaning(surroundings, region: region) {
      case .key(let key): return .profile(profile.name, key)
      case .webIdentity(let role): return .webIdentity(role)
      }
    }
    if let endpoint = try ContainerEndpoint(surroundings) { return .container(endpoint) }
    if asksInstance, let service = InstanceMetadata(surroundings) {
      return .instanceMetadata(service)
    }
    return nil
  }

  /// The files that decide about the key while one of them is the source: when they change, it is to be read again.
  var files: [String] {
    if let configured { return configured.files }
    let isElsewhere = ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE"].contains {
      surroundings[$0] != nil
    }
    return isElsewhere ? [] : SharedProfile.files(surroundings)
  }

  /// What is wrong where no source is set up.
  public static let nothing = CredentialFailure(
    "there is no access key",
    "set s3.access_key_id and s3.secret_access_key_file, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or on an EC2 "
      + "instance with a role s3.instance_metadata = true")

  private func environmentKey() throws(CredentialFailure) -> Credentials? {
    let id = surroundings["AWS_ACCESS_KEY_ID"]
    let secret = surroundings["AWS_SECRET_ACCESS_KEY"]
    if id == nil, secret == nil { return nil }
    guard let id, let secret else {
      throw CredentialFailure(
        "the environment has half a key", "set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    }
    // What `aws configure export-credentials` sets for a session beside its token.
    var expiresAt: Int64?
    if let end = surroundings["AWS_CREDENTIAL_EXPIRATION"] {
      expiresAt = CivilTime(rfc3339: end.utf8.span)?.unixSeconds
      guard expiresAt != nil else {
        throw CredentialFailure(
          "AWS_CREDENTIAL_EXPIRATION is no time like 2026-11-21T10:11:12Z", "correct it")
      }
    }
    return Credentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: surroundings["AWS_SESSION_TOKEN"],
      expiresAt: expiresAt)
  }
}
