import Testing

@testable import ObjectStore

/// Whom STS, the container endpoint and the metadata service are, and what they are sent.
struct CredentialRequestTests {
  @Test(
    arguments: [
      ([:], "eu-west-1", "https://sts.eu-west-1.amazonaws.com", "the bucket's region"),
      (
        ["AWS_REGION": "eu-north-1"], "eu-west-1", "https://sts.eu-north-1.amazonaws.com", "slotd's"
      ),
      (
        ["AWS_DEFAULT_REGION": "us-gov-west-1"], "auto",
        "https://sts.us-gov-west-1.amazonaws.com", "slotd's by its other name"
      ),
      ([:], "cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn", "China has its own"),
      ([:], "auto", "https://sts.amazonaws.com", "no region"),
      ([:], "garage", "https://sts.amazonaws.com", "another provider's region"),
      ([:], "eu/x-1", "https://sts.amazonaws.com", "what is no name of a host"),
      (
        ["AWS_STS_REGIONAL_ENDPOINTS": "legacy"], "eu-west-1", "https://sts.amazonaws.com",
        "the old way"
      ),
      (
        ["AWS_STS_REGIONAL_ENDPOINTS": "regional"], "eu-west-1",
        "https://sts.eu-west-1.amazonaws.com", "the new way"
      ),
      (
        ["AWS_ENDPOINT_URL_STS": "http://[::1]:9", "AWS_REGION": "eu-west-1"], "auto",
        "http://[::1]:9", "an endpoint that is named"
      ),
    ] as [([String: String], String, String, String)])
  func whereSTSIs(
    _ environment: [String: String], _ region: String, _ url: String, _ reason: String
  ) throws {
    let role = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn"]
    let identity = try WebIdentity(.made(environment.merging(role) { $1 }), region: region)
    #expect(identity?.endpoint == url, "\(reason)")
  }

  @Test func whatSTSIsSent() throws {
    let environment = [
      "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/up loads",
      "AWS_ROLE_SESSION_NAME": "a@b", "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9",
    ]
    let identity = try #require(try WebIdentity(.made(environment), region: "auto"))
    let request = identity.request("e.y+/=&x")
    #expect(request.method == .post)
    #expect(request.url == "http://127.0.0.1:9/")
    #expect(request.fields == [HTTPField("Content-Type", "application/x-www-form-urlencoded")])
    #expect(
      String(decoding: request.body ?? [], as: UTF8.self)
        == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fup%20loads"
        + "&RoleSessionName=a%40b&WebIdentityToken=e.y%2B%2F%3D%26x")
    #expect(request.mayUseProxy)
  }

  @Test(
    arguments: [
      ("AccessDenied", "trust policy"), ("ExpiredTokenException", "/token"),
      ("InvalidIdentityToken", "identity provider"), ("Throttling", "asked again"),
      ("Other", "correct the role"),
    ])
  func whatSTSRefuses(_ code: String, _ words: String) throws {
    let environment = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn"]
    let identity = try #require(try WebIdentity(.made(environment), region: "auto"))
    let body = "<ErrorResponse><Error><Code>\(code)</Code></Error></ErrorResponse>"
    let failure = identity.refusal(403, CredentialAnswer(xml: Array(body.utf8)))
    #expect(failure.problem == "STS refused the role arn (\(code))")
    #expect(failure.remedy.contains(words), "\(failure)")
  }

  @Test(
    arguments: [
      ("https://example.org/", true, "TLS"),
      ("HTTPS://example.org/x?y", true, "capitals"),
      ("http://127.0.0.1/", true, "loopback"),
      ("http://127.1.2.3:80/x", true, "all of it"),
      ("http://localhost:8080/", true, "by its name"),
      ("http://[::1]:80/", true, "of IPv6"),
      ("http://169.254.170.2/v2", true, "ECS"),
      ("http://169.254.170.23/v1/credentials", true, "EKS"),
      ("http://[fd00:ec2::23]/v1/credentials", true, "EKS over IPv6"),
      ("http://169.254.169.254/", false, "the metadata service is another thing"),
      ("http://example.org/", false, "plain http elsewhere"),
      ("http://127.0.0.1.example.org/", false, "a name that looks like an address"),
      ("http://127.1/", false, "an address cut short"),
      ("http://127.0.0.01/", false, "zeros in front"),
      ("http://127.0.0.256/", false, "no address"),
      ("http://localhost@example.org/", false, "a user"),
      ("http://[::1]@example.org/", false, "the same"),
      ("http://[::1].example.org/", false, "something behind the bracket"),
      ("http://localhost.example.org/", false, "a longer name"),
      ("ftp://127.0.0.1/", false, "another scheme"),
      ("https://", false, "no host"),
      ("/v2/credentials", false, "no URL"),
    ] as [(String, Bool, String)])
  func whereATokenMayGo(_ url: String, _ may: Bool, _ reason: String) throws {
    #expect(ContainerEndpoint.mayBeAsked(url) == may, "\(reason)")
    let environment = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]
    let made = outcome { () throws(CredentialFailure) in try ContainerEndpoint(.made(environment)) }
    #expect((made.sentence == nil) == may, "\(reason)")
  }

  @Test(
    arguments: [
      ([:], nil, "no token"),
      (["AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic abc"], "Basic abc", "as it stands"),
      (["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token"], "from the file", "from a file"),
      (
        [
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN": "old",
        ], "from the file", "the file counts first"
      ),
    ] as [([String: String], String?, String)])
  func whatTheContainerEndpointIsSent(
    _ environment: [String: String], _ token: String?, _ reason: String
  ) throws {
    let path = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1?a=b"]
    let surroundings = Surroundings.made(
      environment.merging(path) { $1 }, files: ["/token": "from the file\n"])
    let request = try #require(try ContainerEndpoint(surroundings)).request(surroundings)
    #expect(request.method == .get)
    #expect(request.url == "http://169.254.170.2/v2/credentials/1?a=b")
    #expect(request.fields.first { $0.name == "Authorization" }?.value == token, "\(reason)")
    #expect(!request.mayUseProxy)
  }

  @Test(arguments: ["a\r\nHost: example.org", "a\u{7F}", "\u{E9}"])
  func aTokenThatIsNoFieldIsNotSent(_ token: String) throws {
    let surroundings = Surroundings.made([
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/", "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
    ])
    let endpoint = try #require(try ContainerEndpoint(surroundings))
    let sentence = outcome { () throws(CredentialFailure) in try endpoint.request(surroundings) }
      .sentence
    #expect(sentence?.contains("visible letters") == true)
  }

  @Test(
    arguments: [
      ([:], "http://169.254.169.254", "the usual address"),
      (
        ["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], "http://[fd00:ec2::254]",
        "the usual address of IPv6"
      ),
      (
        ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:9/"], "http://127.0.0.1:9",
        "one that is named"
      ),
    ] as [([String: String], String, String)])
  func whatTheInstanceIsSent(
    _ environment: [String: String], _ url: String, _ reason: String
  ) throws {
    let service = try #require(InstanceMetadata(.made(environment)))
    #expect(service.tokenRequest.method == .put)
    #expect(service.tokenRequest.url == "\(url)/latest/api/token", "\(reason)")
    #expect(
      service.tokenRequest.fields == [HTTPField("X-aws-ec2-metadata-token-ttl-seconds", "60")])
    let request = service.request("/latest/x", "token")
    #expect(request.url == "\(url)/latest/x")
    #expect(request.fields == [HTTPField("X-aws-ec2-metadata-token", "token")])
    #expect(!request.mayUseProxy && !service.tokenRequest.mayUseProxy)
  }
}
