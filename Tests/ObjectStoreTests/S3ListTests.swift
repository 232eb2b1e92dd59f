import Reactor
import Signing
import Testing
import Wire

@testable import ObjectStore

/// What is made of the documents that servers answer a list and a deletion with.
struct S3ListTests {
  /// A client of a bucket that gives the same answer to everything.
  private static func asking<Result>(
    _ document: String, _ body: (S3Client) throws -> Result
  ) throws -> Result {
    let server = try LoopbackServer { Canned(document) }
    let identity = SigningIdentity(
      Credentials(accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x"), region: "eu-west-1")
    let endpoint = try Endpoint("\(server.url)/bucket/prefix")
    return try body(S3Client(endpoint, as: identity, over: server.transport, caFile: nil))
  }

  private static func list(_ inside: String) -> String {
    "<ListBucketResult>\(inside)</ListBucketResult>"
  }

  @Test(arguments: [
    ("<html/>", "no list at all"),
    (list("<IsTruncated>true</IsTruncated>"), "it goes on, and does not say where"),
    (
      list("<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>"),
      "it goes on where it began"
    ),
    (list("<Contents><Key>other/a</Key><Size>1</Size></Contents>"), "a key that was not asked for"),
    (list("<Contents><Key>prefix/a</Key><Size>-</Size></Contents>"), "a size that is none"),
    (
      list(
        "<EncodingType>url</EncodingType><Contents><Key>prefix/%4</Key><Size>1</Size></Contents>"),
      "half an escape"
    ),
  ])
  func `a list that cannot be trusted is refused`(_ document: String, _ reason: String) throws {
    let failure = try Self.asking(document) { client in
      #expect(throws: S3Failure.self, "\(reason)") { try client.list(after: "t") }
    }
    guard case .malformed = failure else { return #expect(Bool(false), "\(reason)") }
  }

  @Test func `keys are decoded where the server encodes them, and only there`() throws {
    let contents = "<Contents><Key>prefix/a%2Bb+c</Key><Size>12</Size></Contents>"
    let plain = try Self.asking(Self.list(contents)) { try $0.list() }
    #expect(plain.objects == [ListedObject(key: "a%2Bb+c", size: 12)])
    #expect(plain.next == nil)
    let encoded = try Self.asking(Self.list("<EncodingType>url</EncodingType>" + contents)) {
      try $0.list()
    }
    #expect(encoded.objects == [ListedObject(key: "a+b c", size: 12)])
  }

  @Test func `what could not be deleted is told`() throws {
    let document = """
      <DeleteResult><Deleted><Key>prefix/a</Key></Deleted>\
      <Error><Key>prefix/b&amp;</Key><Code>AccessDenied</Code><Message/></Error></DeleteResult>
      """
    let left = try Self.asking(document) { try $0.delete(["a", "b&"]) }
    #expect(left == [Undeleted(key: "b&", code: "AccessDenied")])
  }
}

private final class Canned: Service {
  private let document: String
  init(_ document: String) { self.document = document }

  override func begin(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ response: inout Response
  ) -> Intent {
    if head.method == .post { return .wholeBody(bytesMax: 10_000) }
    answer(head, bytes, body: head.path, &response)
    return .answered
  }

  override func answer(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, body: ByteRange,
    _ response: inout Response
  ) {
    response.short(.ok, type: "application/xml") { $0.append(string: document) }
  }
}
