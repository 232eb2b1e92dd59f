import Signing
import TestSupport
import Testing
import Wire

struct PresignerTests {
  @Test func theFileHoldsAllCases() {
    #expect(PresignCase.all.count == 64)
  }

  @Test(arguments: PresignCase.all)
  func everyStageIsTheOneExpected(_ expected: PresignCase) throws {
    var signer = Signer()
    var url = ByteBuffer(capacity: 16_384)
    #expect(try expected.presign(with: &signer, into: &url) == .url(lifetime: expected.expires))
    let (canonicalRequest, stringToSign, signature) = (
      signer.canonicalRequest.text, signer.stringToSign.text, signer.signature.text
    )
    #expect(canonicalRequest == expected.canonicalRequest)
    #expect(stringToSign == expected.stringToSign)
    #expect(signature == expected.signature)

    let parts = url.bytes.text.split(separator: "?", maxSplits: 1)
    try #require(parts.count == 2)
    let endpoint = try Endpoint(expected.bucketURL)
    let origin = (endpoint.isSecure ? "https://" : "http://") + endpoint.authority.text
    #expect(parts[0] == origin + expected.objectPath)
    var query: [String: String] = [:]
    for parameter in parts[1].split(separator: "&") {
      let pair = parameter.split(separator: "=", maxSplits: 1)
      try #require(pair.count == 2)
      query[String(pair[0])] = written {
        _ = $0.append(percentDecoded: String(pair[1]).utf8.span)
      }
    }
    #expect(query == expected.query)
    #expect(parts[1].hasSuffix("&X-Amz-Signature=" + expected.signature))

    #expect(
      written { $0.append(objectURL: expected.key.utf8.span, at: endpoint) } == String(parts[0]))
  }
}
