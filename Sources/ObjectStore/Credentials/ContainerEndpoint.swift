internal import Signing
internal import Wire

/// The endpoint that a container platform (ECS, EKS Pod Identity, Greengrass) gives credentials at
/// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
struct ContainerEndpoint: Sendable, Equatable {
  /// Where it is.
  let url: String

  static let whom = "the container's credentials endpoint"
  private static let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
  private static let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"

  /// The endpoint that the environment names; nil where it names none. Throws where it may not be used.
  init?(_ surroundings: Surroundings) throws(CredentialFailure) {
    if let path = surroundings[Self.relative] {
      guard path.hasPrefix("/") else {
        throw CredentialFailure("\(Self.relative) does not begin with a slash", "correct it")
      }
      url = "http://169.254.170.2\(path)"
    } else if let named = surroundings[Self.full] {
      guard Self.mayBeAsked(named) else {
        throw CredentialFailure(
          "\(Self.full) leads over plain http to a host that is not this machine's",
          "use https, a loopback address, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]")
      }
      url = named
    } else {
      return nil
    }
  }

  /// Whether a URL leads to where a token and credentials are safe: over TLS, or to this machine, or to one of the addresses that
  /// container platforms have for this and that never leave it.
  static func mayBeAsked(_ url: String) -> Bool {
    let lowered = url.lowercased()
    if lowered.hasPrefix("https://") { return lowered.count > 8 }
    guard lowered.hasPrefix("http://") else { return false }
    let authority = lowered.dropFirst(7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { return false }
    if authority.hasPrefix("[") {
      let host = authority.dropFirst().prefix { $0 != "]" }
      let rest = authority.dropFirst(host.count + 1)
      guard rest == "]" || rest.hasPrefix("]:") else { return false }
      return host == "fd00:ec2::23" || host == "::1"
    }
    let host = authority.prefix { $0 != ":" }
    if ["localhost", "169.254.170.2", "169.254.170.23"].contains(host) { return true }
    // 127.0.0.0/8, written in full: shorter and odder spellings of addresses are names to somebody.
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { UInt8($0) != nil && ($0 == "0" || !$0.hasPrefix("0")) }
  }

  /// Asks it.
  func fetch(
    _ surroundings: Surroundings, over transport: Transport
  ) throws(CredentialFailure) -> Credentials {
    var response = try transport.response(
      to: try request(surroundings), of: Self.whom)
    let (status, answer) = (response.status, CredentialAnswer(json: response.takeBody()))
    guard status == 200 else {
      let said = answer?.error.map { " (\($0))" } ?? ""
      throw CredentialFailure(
        "\(Self.whom) answered with status \(status)\(said)",
        "see whether the task or pod has a role, and its authorization token is the right one")
    }
    guard let answer else { throw .noAnswer(of: Self.whom) }
    return try answer.credentials(from: Self.whom)
  }

  /// What is sent. The authorization token's file is renewed now and then, so it is read for each request.
  func request(_ surroundings: Surroundings) throws(CredentialFailure) -> HTTPRequest {
    var request = HTTPRequest(.get, url)
    request.fields = [HTTPField("Accept", "application/json")]
    var token = surroundings["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    if let file = surroundings["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
      token = try surroundings.line(in: file, called: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    }
    if let token {
      // A line end would begin another field.
      guard token.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) else {
        throw CredentialFailure(
          "the authorization token for \(Self.whom) is no one line of visible letters",
          "correct AWS_CONTAINER_AUTHORIZATION_TOKEN or its file")
      }
      request.fields.append(HTTPField("Authorization", token))
    }
    request.limitToMachine()
    return request
  }
}
