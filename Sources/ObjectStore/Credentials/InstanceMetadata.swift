internal import Signing
internal import Wire

/// The metadata service of an EC2 instance, version 2, and the credentials of the instance's role there
/// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html).
struct InstanceMetadata: Sendable, Equatable {
  /// Its URL, without a slash at its end.
  let url: String

  static let whom = "the instance's metadata service"
  private static let rolePath = "/latest/meta-data/iam/security-credentials/"
  /// Seconds that a token is asked for: a few requests, made at once.
  private static let tokenSeconds = 60

  /// The service; nil where the environment says that it is not to be asked.
  init?(_ surroundings: Surroundings) {
    guard surroundings["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else { return nil }
    if let named = surroundings["AWS_EC2_METADATA_SERVICE_ENDPOINT"] {
      url = named.hasSuffix("/") ? String(named.dropLast()) : named
    } else {
      let isIPv6 = surroundings["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() == "ipv6"
      url = isIPv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
    }
  }

  /// Asks it: for a token, for the name of the role, and for the role's credentials.
  func fetch(over transport: Transport) throws(CredentialFailure) -> Credentials {
    let token = try ask(tokenRequest, "a token", over: transport).text
    guard !token.isEmpty, token.utf8.allSatisfy({ 0x21..<0x7F ~= $0 }) else {
      throw .noAnswer(of: Self.whom)
    }
    let roles = try ask(request(Self.rolePath, token), "the instance's role", over: transport).text
    // There is one role at most; it stands on the first line.
    guard let role = roles.split(whereSeparator: \.isNewline).first.map(String.init) else {
      throw CredentialFailure(
        "the instance has no role", "attach an instance profile to it, or use another source")
    }
    guard role.utf8.allSatisfy(\.isRoleCharacter) else { throw .noAnswer(of: Self.whom) }
    var response = try ask(
      request(Self.rolePath + role, token), "the credentials of the role \(role)", over: transport)
    guard let answer = CredentialAnswer(json: response.takeBody()) else {
      throw .noAnswer(of: Self.whom)
    }
    if let error = answer.error {
      throw CredentialFailure(
        "\(Self.whom) has no credentials of the role \(role) (\(error))",
        "see whether the role still exists and EC2 may take it on")
    }
    return try answer.credentials(from: Self.whom)
  }

  private func ask(
    _ request: HTTPRequest, _ what: String, over transport: Transport
  ) throws(CredentialFailure) -> HTTPResponse {
    let response = try transport.response(to: request, of: Self.whom)
    switch response.status {
    case 200: return response
    case 404 where request.method == .get:
      throw CredentialFailure(
        "the instance has no role", "attach an instance profile to it, or use another source")
    case 403:
      throw CredentialFailure(
        "\(Self.whom) is switched off", "switch it on for this instance, or use another source")
    default:
      throw CredentialFailure(
        "\(Self.whom) answered with status \(response.status) when asked for \(what)",
        "see whether version 2 of it is there")
    }
  }

  // MARK: - What is sent

  var tokenRequest: HTTPRequest {
    var request = HTTPRequest(.put, url + "/latest/api/token")
    request.fields = [
      HTTPField("X-aws-ec2-metadata-token-ttl-seconds", "\(Self.tokenSeconds)")
    ]
    request.body = []
    request.limitToMachine()
    return request
  }

  func request(_ path: String, _ token: String) -> HTTPRequest {
    var request = HTTPRequest(.get, url + path)
    request.fields = [HTTPField("X-aws-ec2-metadata-token", token)]
    request.limitToMachine()
    return request
  }
}

extension UInt8 {
  /// Whether the name of a role may have it (`[\w+=,.@-]`).
  fileprivate var isRoleCharacter: Bool {
    isDigit || asciiLowercased &- 0x61 < 26 || "_+=,.@-".utf8.contains(self)
  }
}
