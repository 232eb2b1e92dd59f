import Signing
import TestSupport
import Testing
import Wire

/// The examples in AWS's documentation of Signature Version 4 for S3.
struct PublishedExampleTests {
  /// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
  @Test func presignedGET() throws {
    let endpoint = try Endpoint("https://examplebucket.s3.amazonaws.com")
    let presigner = Presigner(endpoint, as: .example)
    var signer = Signer()
    var url = ByteBuffer(capacity: 4096)
    let outcome = presigner.presign(
      .get, key: "test.txt".utf8.span, lifetime: 86_400, now: exampleTime, with: &signer, into: &url
    )
    #expect(outcome == .url(lifetime: 86_400))
    let text = url.bytes.text
    #expect(
      text == "https://examplebucket.s3.amazonaws.com/test.txt"
        + "?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    let sent = SentRequest("GET", text)
    #expect(sent.verify(at: exampleTime + 86_400, with: &signer, [.example])?.isAccepted == true)
  }

  static let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  struct Example: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var method = "GET"
    var path = "/"
    var query = ""
    var fields: [SignedField] = []
    var payloadHash = nothing
    let signature: String
  }

  /// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
  @Test(arguments: [
    Example(
      testDescription: "GET Object", path: "/test.txt", fields: [SignedField("Range", "bytes=0-9")],
      signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
    Example(
      testDescription: "PUT Object", method: "PUT", path: "/test$file.text",
      fields: [
        SignedField("Date", "Fri, 24 May 2013 00:00:00 GMT"),
        SignedField("x-amz-storage-class", "REDUCED_REDUNDANCY"),
      ],
      payloadHash: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
      signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
    Example(
      testDescription: "GET Bucket Lifecycle", query: "lifecycle",
      signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
    Example(
      testDescription: "Get Bucket (List Objects)", query: "max-keys=2&prefix=J",
      signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
  ])
  func inAField(_ example: Example) throws {
    var signer = Signer()
    let host = "examplebucket.s3.amazonaws.com"
    let fields = signer.authorize(
      example.method, path: example.path.utf8.span, query: example.query.utf8.span, host: host,
      fields: example.fields, payloadHash: example.payloadHash, as: .example, now: exampleTime)
    let added = try #require(fields)
    let signature = signer.signature.text
    #expect(signature == example.signature)
    #expect(added.last?.name == "authorization")
    #expect(added.last?.value.hasSuffix("Signature=" + example.signature) == true)

    let url = "http://\(host)\(example.path)" + (example.query.isEmpty ? "" : "?" + example.query)
    var sent = SentRequest(example.method, url)
    sent.fields += (example.fields + added).map { ($0.name, $0.value) }
    let verification = sent.verify(at: exampleTime - 900, with: &signer, [.example])
    guard case .accepted(_, .sha256(let digest)) = verification else {
      Issue.record("\(String(describing: verification))")
      return
    }
    #expect(written { $0.append(hex: digest.span) } == example.payloadHash)
  }

  @Test func whatCannotBeSentIsNotSigned() {
    var signer = Signer()
    let host = "examplebucket.s3.amazonaws.com"
    func refuses(_ path: String, _ query: String, _ fields: [SignedField]) -> Bool {
      signer.authorize(
        "GET", path: path.utf8.span, query: query.utf8.span, host: host, fields: fields,
        payloadHash: Self.nothing, as: .example, now: exampleTime) == nil
    }
    #expect(!refuses("/", "", []))
    #expect(refuses("/100%", "", []), "the path is not encoded")
    #expect(refuses("/", "prefix=100%", []), "the query is not encoded")
    #expect(refuses("/", "", [SignedField("range", "bytes=0-9\r\n")]), "a line end in a value")
    #expect(refuses("/", "", [SignedField("a", "1"), SignedField("A", "2")]), "a field twice")
    #expect(refuses("/", "", [SignedField("not a token", "1")]), "no name of a field")
  }
}
