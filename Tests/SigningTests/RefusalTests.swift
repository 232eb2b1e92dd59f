import Signing
import TestSupport
import Testing
import Wire

/// One change to a good request, and how it is refused.
struct Tampering: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let reason: SignatureRefusal.Reason
  let status: UInt16
  let code: String
  /// What of the request the refusal points at.
  let subject: String
  let change: @Sendable (inout SentRequest) -> Void

  init(
    _ description: String, _ reason: SignatureRefusal.Reason, _ status: UInt16, _ code: String,
    about subject: String = "", _ change: @escaping @Sendable (inout SentRequest) -> Void
  ) {
    (testDescription, self.reason, self.status, self.code) = (description, reason, status, code)
    (self.subject, self.change) = (subject, change)
  }

  /// Makes the change, and compares.
  func check(_ good: SentRequest, at now: Int64, with signer: inout Signer) {
    var request = good
    change(&request)
    let bytes = Array(request.text.utf8)
    let verification = verification(of: bytes, at: now, with: &signer, [.example])
    guard let refusal = verification?.refusal else {
      Issue.record("\(String(describing: verification)): \(request.text)")
      return
    }
    #expect(refusal.reason == reason)
    #expect(refusal.status.code == status)
    #expect(refusal.code.description == code)
    #expect(bytes.span[refusal.subject].text == subject)
    #expect(refusal.sentence.description.hasSuffix("."))
  }
}

struct RefusalTests {
  private static let query = "AuthorizationQueryParametersError"
  private static let header = "AuthorizationHeaderMalformed"
  private static let credential = "AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"

  @Test(arguments: [
    Tampering("another path", .signature, 403, "SignatureDoesNotMatch") { $0.path += "x" },
    Tampering("another method", .signature, 403, "SignatureDoesNotMatch") { $0.method = "POST" },
    Tampering("another host", .signature, 403, "SignatureDoesNotMatch") { $0[field: "Host"] = "b" },
    Tampering("another length", .signature, 403, "SignatureDoesNotMatch") {
      $0[field: "Content-Length"] = "43"
    },
    Tampering("a parameter more", .signature, 403, "SignatureDoesNotMatch") {
      $0[parameter: "x-amz-acl"] = "public-read"
    },
    Tampering("a lifetime that was not signed", .signature, 403, "SignatureDoesNotMatch") {
      $0[parameter: "X-Amz-Expires"] = "604800"
    },
    Tampering("another signature", .signature, 403, "SignatureDoesNotMatch") {
      $0[parameter: "X-Amz-Signature"] = String(repeating: "0", count: 64)
    },
    Tampering("a shorter signature", .signature, 403, "SignatureDoesNotMatch") {
      $0[parameter: "X-Amz-Signature"].removeLast()
    },
    Tampering("no length, but a chunked body", .fieldMissing, 403, "SignatureDoesNotMatch") {
      $0.fields.removeAll { $0.name == "Content-Length" }
      $0[field: "Transfer-Encoding"] = "chunked"
    },
    Tampering("an ACL as a field", .fieldUnsigned, 403, "AccessDenied", about: "X-Amz-Acl") {
      $0[field: "X-Amz-Acl"] = "public-read"
    },
    Tampering("a parameter is missing", .malformed, 400, query) {
      $0.query.removeAll { $0.name == "X-Amz-Date" }
    },
    Tampering("nothing but the algorithm", .malformed, 400, query) {
      $0.query.removeAll { $0.name != "X-Amz-Algorithm" }
    },
    Tampering("a parameter twice", .repeated, 400, query, about: "61") {
      $0.query.append(("X-Amz-Expires", "61"))
    },
    Tampering("another algorithm", .algorithm, 400, query, about: "AWS4-HMAC-SHA512") {
      $0[parameter: "X-Amz-Algorithm"] = "AWS4-HMAC-SHA512"
    },
    Tampering("a credential cut short", .credential, 400, query, about: "AKIA%2Fus-east-1") {
      $0[parameter: "X-Amz-Credential"] = "AKIA%2Fus-east-1"
    },
    Tampering(
      "a credential with an end of its own", .credential, 400, query, about: credential + "x"
    ) { $0[parameter: "X-Amz-Credential"] = credential + "x" },
    Tampering(
      "a credential without a key", .credential, 400, query,
      about: "%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
    ) { $0[parameter: "X-Amz-Credential"] = "%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" },
    Tampering(
      "a key that nobody has", .unknownKey, 403, "InvalidAccessKeyId",
      about: credential.replacing("AKIA", with: "AKIB")
    ) { $0[parameter: "X-Amz-Credential"] = credential.replacing("AKIA", with: "AKIB") },
    Tampering(
      "another region", .region, 400, query, about: credential.replacing("us-east", with: "eu-west")
    ) { $0[parameter: "X-Amz-Credential"] = credential.replacing("us-east", with: "eu-west") },
    Tampering(
      "another service", .service, 400, query, about: credential.replacing("s3", with: "iam")
    ) { $0[parameter: "X-Amz-Credential"] = credential.replacing("s3", with: "iam") },
    Tampering(
      "another day", .credentialDay, 400, query, about: credential.replacing("0524", with: "0525")
    ) { $0[parameter: "X-Amz-Credential"] = credential.replacing("0524", with: "0525") },
    Tampering("a date in another form", .date, 400, query, about: "2013-05-24T00:00:00Z") {
      $0[parameter: "X-Amz-Date"] = "2013-05-24T00:00:00Z"
    },
    Tampering("a lifetime of nothing", .lifetime, 400, query, about: "0") {
      $0[parameter: "X-Amz-Expires"] = "0"
    },
    Tampering("a lifetime of more than a week", .lifetime, 400, query, about: "604801") {
      $0[parameter: "X-Amz-Expires"] = "604801"
    },
    Tampering("a negative lifetime", .lifetime, 400, query, about: "-1") {
      $0[parameter: "X-Amz-Expires"] = "-1"
    },
    Tampering("a lifetime beyond all numbers", .lifetime, 400, query, about: "99999999999999999999")
    {
      $0[parameter: "X-Amz-Expires"] = "99999999999999999999"
    },
    Tampering("no signed field", .signedFields, 400, query) {
      $0[parameter: "X-Amz-SignedHeaders"] = ""
    },
    Tampering("the host is not signed", .hostUnsigned, 403, "AccessDenied") {
      $0[parameter: "X-Amz-SignedHeaders"] = "content-length"
    },
    Tampering(
      "signed fields out of order", .signedFields, 400, query, about: "host%3Bcontent-length"
    ) { $0[parameter: "X-Amz-SignedHeaders"] = "host%3Bcontent-length" },
    Tampering("a signed field twice", .signedFields, 400, query, about: "host%3Bhost") {
      $0[parameter: "X-Amz-SignedHeaders"] = "host%3Bhost"
    },
    Tampering("a signed field in capitals", .signedFields, 400, query, about: "Host") {
      $0[parameter: "X-Amz-SignedHeaders"] = "Host"
    },
    Tampering("a signed field without a name", .signedFields, 400, query, about: "host%3B") {
      $0[parameter: "X-Amz-SignedHeaders"] = "host%3B"
    },
    Tampering("a line end in the signed fields", .signedFields, 400, query, about: "host%0A") {
      $0[parameter: "X-Amz-SignedHeaders"] = "host%0A"
    },
    Tampering("a session token that nobody has", .token, 400, "InvalidToken", about: credential) {
      $0[parameter: "X-Amz-Security-Token"] = "IQoJb3JpZ2luX2Vj"
    },
    Tampering("a payload that is no hash", .payload, 400, "InvalidArgument") {
      $0[parameter: "X-Amz-Content-Sha256"] = "abc"
    },
    Tampering("a path that is not encoded", .target, 400, "InvalidURI", about: "/test.txt%") {
      $0.path += "%"
    },
    Tampering("a query that is not encoded", .target, 400, "InvalidURI", about: "a=%zz") {
      $0.query = [("a", "%zz")]
    },
    Tampering("an Authorization beside the query", .mechanisms, 400, "InvalidArgument", about: "x")
    {
      $0[field: "Authorization"] = "x"
    },
    Tampering("a signature of version 2", .mechanism, 400, "InvalidRequest") {
      $0.query = [("AWSAccessKeyId", "AKIA"), ("Signature", "x"), ("Expires", "1369353660")]
    },
  ])
  func presigned(_ tampering: Tampering) throws {
    let presigner = Presigner(try Endpoint("https://examplebucket.s3.amazonaws.com"), as: .example)
    var signer = Signer()
    var url = ByteBuffer(capacity: 4096)
    _ = presigner.presign(
      .put, key: "test.txt".utf8.span, contentLength: 42, lifetime: 60, now: exampleTime,
      with: &signer, into: &url)
    let good = SentRequest("PUT", url.bytes.text, [("Content-Length", "42")])
    #expect(good.verify(at: exampleTime, with: &signer, [.example])?.isAccepted == true)
    tampering.check(good, at: exampleTime, with: &signer)
  }

  @Test(arguments: [
    Tampering("another value of a signed field", .signature, 403, "SignatureDoesNotMatch") {
      $0[field: "Range"] = "bytes=0-10"
    },
    Tampering("a signed field is missing", .fieldMissing, 403, "SignatureDoesNotMatch") {
      $0.fields.removeAll { $0.name == "range" }
    },
    Tampering("a signed field twice", .signature, 403, "SignatureDoesNotMatch") {
      $0.fields.append(("Range", "bytes=10-19"))
    },
    Tampering(
      "a field that had to be signed", .fieldUnsigned, 403, "AccessDenied", about: "x-amz-meta-a"
    ) { $0[field: "x-amz-meta-a"] = "b" },
    Tampering("no time", .date, 403, "AccessDenied", about: authorization) {
      $0.fields.removeAll { $0.name == "x-amz-date" }
    },
    Tampering("a time in another form", .date, 403, "AccessDenied", about: authorization) {
      $0[field: "x-amz-date"] = "Fri, 24 May 2013 00:00:00 GMT"
    },
    Tampering("an hour late", .skewed, 403, "RequestTimeTooSkewed", about: authorization) {
      $0[field: "x-amz-date"] = "20130524T010000Z"
    },
    Tampering("another day", .credentialDay, 400, header, about: authorization) {
      $0[field: "x-amz-date"] = "20130523T235959Z"
    },
    Tampering("no word for the payload", .payloadMissing, 400, "InvalidRequest") {
      $0.fields.removeAll { $0.name == "x-amz-content-sha256" }
    },
    Tampering("a payload that is no hash", .payload, 400, "InvalidArgument", about: "abc") {
      $0[field: "x-amz-content-sha256"] = "abc"
    },
    Tampering("an Authorization twice", .repeated, 400, header, about: "Basic eDp5") {
      $0.fields.append(("Authorization", "Basic eDp5"))
    },
    Tampering("another mechanism", .mechanism, 400, "InvalidRequest", about: "Basic eDp5") {
      $0[field: "Authorization"] = "Basic eDp5"
    },
    Tampering("version 2", .mechanism, 400, "InvalidRequest", about: "AWS AKIA:c2ln") {
      $0[field: "Authorization"] = "AWS AKIA:c2ln"
    },
    Tampering("only the algorithm", .malformed, 400, header, about: "AWS4-HMAC-SHA256 x") {
      $0[field: "Authorization"] = "AWS4-HMAC-SHA256 x"
    },
    Tampering("a part is missing", .malformed, 400, header, about: "AWS4-HMAC-SHA256 Signature=0") {
      $0[field: "Authorization"] = "AWS4-HMAC-SHA256 Signature=0"
    },
    Tampering(
      "a part that has no meaning", .malformed, 400, header, about: "AWS4-HMAC-SHA256 Version=4"
    ) { $0[field: "Authorization"] = "AWS4-HMAC-SHA256 Version=4" },
    Tampering("a comma at the end", .malformed, 400, header, about: authorization + ",") {
      $0[field: "Authorization"] += ","
    },
    Tampering("a part twice", .repeated, 400, header, about: authorization + ", Signature=0") {
      $0[field: "Authorization"] += ", Signature=0"
    },
    Tampering(
      "a credential cut short", .credential, 400, header,
      about: authorization.replacing("/s3/", with: "/")
    ) { $0[field: "Authorization"].replace("/s3/", with: "/") },
    Tampering(
      "signed fields out of order", .signedFields, 400, header,
      about: authorization.replacing("host;range", with: "range;host")
    ) { $0[field: "Authorization"].replace("host;range", with: "range;host") },
    Tampering(
      "another region", .region, 400, header,
      about: authorization.replacing("us-east-1", with: "us-east-2")
    ) { $0[field: "Authorization"].replace("us-east-1", with: "us-east-2") },
  ])
  func inAField(_ tampering: Tampering) {
    var signer = Signer()
    let good = Self.signedGET
    #expect(good.verify(at: exampleTime, with: &signer, [.example])?.isAccepted == true)
    tampering.check(good, at: exampleTime, with: &signer)
  }

  /// The first of AWS's published examples.
  private static let signedGET: SentRequest = {
    var request = SentRequest("GET", "https://examplebucket.s3.amazonaws.com/test.txt")
    request.fields += [
      ("range", "bytes=0-9"), ("x-amz-content-sha256", PublishedExampleTests.nothing),
      ("x-amz-date", "20130524T000000Z"), ("Authorization", authorization),
    ]
    return request
  }()

  private static let authorization =
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
    + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
    + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"

  // MARK: - What is not refused

  @Test func whatIsNotSignedIsAnonymous() {
    var signer = Signer()
    var request = SentRequest("GET", "http://localhost:9000/bucket/key?list-type=2")
    request.fields.append(("x-amz-meta-a", "b"))
    guard case .anonymous = request.verify(at: exampleTime, with: &signer, []) else {
      Issue.record("not anonymous")
      return
    }
  }

  @Test(arguments: [
    ("AWS4-HMAC-SHA256 Credential=", "AWS4-HMAC-SHA256   Credential="), (", ", ","), (", ", " , "),
  ])
  func spacesAroundThePartsDoNotMatter(_ text: String, _ replacement: String) {
    var signer = Signer()
    var request = Self.signedGET
    request[field: "Authorization"].replace(text, with: replacement)
    #expect(request.verify(at: exampleTime, with: &signer, [.example])?.isAccepted == true)
  }

  @Test(arguments: [
    ("UNSIGNED-PAYLOAD", "unsigned"),
    ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "chunks(signed: true, trailer: false)"),
    ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "chunks(signed: true, trailer: true)"),
    ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "chunks(signed: false, trailer: true)"),
  ])
  func payloads(_ word: String, _ expected: String) throws {
    var signer = Signer()
    var request = SentRequest("PUT", "http://localhost:9000/bucket/key")
    let fields = signer.authorize(
      "PUT", path: "/bucket/key".utf8.span, query: "".utf8.span, host: "localhost:9000",
      payloadHash: word, as: .example, now: exampleTime)
    request.fields += try #require(fields).map { ($0.name, $0.value) }
    let verification = request.verify(at: exampleTime, with: &signer, [.example])
    guard case .accepted(_, let payload) = verification else {
      Issue.record("\(String(describing: verification))")
      return
    }
    #expect("\(payload)" == expected)
  }
}
