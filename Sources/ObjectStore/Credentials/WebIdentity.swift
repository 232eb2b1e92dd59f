internal import Signing
internal import Wire

/// A role of AWS that is taken on with a token which somebody else vouches for: how Kubernetes gives pods their rights
/// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
struct WebIdentity: Sendable, Equatable {
  /// The file with the token. It is renewed now and then, so it is read for each request.
  let tokenFile: String
  /// The role: `arn:aws:iam::123456789012:role/uploads`.
  let role: String
  /// What the role's sessions are called in AWS's records.
  let sessionName: String
  /// The URL of STS.
  let endpoint: String

  static let whom = "STS"
  private static let sessionNameDefault = "slotd"

  /// The role that the environment names; nil where it names none. `region` is the bucket's.
  init?(
    _ surroundings: Surroundings, region: String
  ) throws(CredentialFailure) {
    // A role alone is nothing: other programs get at theirs differently.
    guard let tokenFile = surroundings["AWS_WEB_IDENTITY_TOKEN_FILE"] else { return nil }
    guard let role = surroundings["AWS_ROLE_ARN"] else {
      throw CredentialFailure(
        "AWS_WEB_IDENTITY_TOKEN_FILE is set, but no AWS_ROLE_ARN", "name the role there")
    }
    self.init(
      tokenFile: tokenFile, role: role, sessionName: surroundings["AWS_ROLE_SESSION_NAME"],
      surroundings, region: region)
  }

  /// A role, and the STS that the environment leads to.
  init(
    tokenFile: String, role: String, sessionName: String?, _ surroundings: Surroundings,
    region: String
  ) {
    self.tokenFile = tokenFile
    self.role = role
    self.sessionName = sessionName ?? Self.sessionNameDefault
    endpoint = Self.endpoint(surroundings, region: region)
  }

  /// The URL of STS: the one that is named, or that of the region which slotd runs in, or else of the bucket's
  /// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html).
  private static func endpoint(_ surroundings: Surroundings, region: String) -> String {
    if let named = surroundings["AWS_ENDPOINT_URL_STS"] { return named }
    let near = surroundings["AWS_REGION"] ?? surroundings["AWS_DEFAULT_REGION"] ?? region
    let isGlobal = surroundings["AWS_STS_REGIONAL_ENDPOINTS"]?.lowercased() == "legacy"
    // `auto`, and the names that other providers' regions have, are none of AWS's: those end in a number.
    guard !isGlobal, near.last?.isNumber == true, near.contains("-"),
      near.utf8.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: "-") || $0 &- 0x61 < 26 })
    else { return "https://sts.amazonaws.com" }
    return "https://sts.\(near).amazonaws.com\(near.hasPrefix("cn-") ? ".cn" : "")"
  }

  /// Takes the role on.
  func fetch(
    _ surroundings: Surroundings, over transport: Transport
  ) throws(CredentialFailure) -> Credentials {
    let token = try surroundings.line(in: tokenFile, called: "AWS_WEB_IDENTITY_TOKEN_FILE")
    var response = try transport.response(
      to: request(token, caFile: surroundings["AWS_CA_BUNDLE"]), of: Self.whom)
    let (status, answer) = (response.status, CredentialAnswer(xml: response.takeBody()))
    guard status == 200 else { throw refusal(status, answer) }
    guard let answer else { throw .noAnswer(of: Self.whom) }
    return try answer.credentials(from: Self.whom)
  }

  /// What is sent: it needs no signature, because the token is proof enough.
  func request(_ token: String, caFile: String? = nil) -> HTTPRequest {
    var body = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
    for (name, value) in [
      ("RoleArn", role), ("RoleSessionName", sessionName), ("WebIdentityToken", token),
    ] {
      var encoded = ByteBuffer(capacity: max(value.utf8.count * 3, 1))
      encoded.append(percentEncoded: value.utf8.span)
      body += "&\(name)=\(String(copying: encoded.bytes))"
    }
    var request = HTTPRequest(.post, endpoint.hasSuffix("/") ? endpoint : endpoint + "/")
    request.fields = [HTTPField("Content-Type", "application/x-www-form-urlencoded")]
    request.body = Array(body.utf8)
    request.answerBytesMax = Transport.credentialBytesMax
    request.caFile = caFile
    return request
  }

  /// The sentence for an answer that is no.
  func refusal(_ status: Int, _ answer: CredentialAnswer?) -> CredentialFailure {
    guard let answer, let error = answer.error else {
      return CredentialFailure(
        "\(Self.whom) answered with status \(status)", "see whether \(endpoint) is an STS endpoint")
    }
    let remedy =
      switch answer.errorCode {
      case "AccessDenied":
        "let the role's trust policy name the identity provider and this service account"
      case "ExpiredTokenException": "see why \(tokenFile) is not renewed"
      case "InvalidIdentityToken":
        "register the token's issuer as an identity provider in the role's account"
      case "IDPCommunicationError", "Throttling", "RequestLimitExceeded":
        "wait, for it will be asked again"
      default: "correct the role, the token file or the endpoint"
      }
    return CredentialFailure("\(Self.whom) refused the role \(role) (\(error))", remedy)
  }
}
