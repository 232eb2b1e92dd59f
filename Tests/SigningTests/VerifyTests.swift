import Signing
import TestSupport
import Testing
import Wire

struct VerifyTests {
  /// The request that a client makes of the PUT URL of a case.
  private func sent(_ expected: PresignCase, with signer: inout Signer) throws -> SentRequest {
    var url = ByteBuffer(capacity: 16_384)
    _ = try expected.presign(with: &signer, into: &url)
    var request = SentRequest(
      "PUT", url.bytes.text, [("Content-Length", String(expected.size))])
    if expected.signsContentType, let type = expected.contentType {
      request.fields.append(("Content-Type", type))
    }
    return request
  }

  @Test(arguments: PresignCase.all)
  func everySlotIsAccepted(_ expected: PresignCase) throws {
    var signer = Signer()
    let request = try sent(expected, with: &signer)
    let identity = expected.identity
    for age in [-900, 0, Int64(expected.expires)] {
      let verification = request.verify(at: expected.now + age, with: &signer, [identity])
      guard case .accepted(let who, .unsigned) = verification else {
        Issue.record("\(age) s: \(String(describing: verification))")
        continue
      }
      #expect(who.credentials.accessKeyID == expected.accessKeyID)
    }
    let canonicalRequest = signer.canonicalRequest.text
    #expect(canonicalRequest == expected.canonicalRequest)
    let early = request.verify(at: expected.now - 901, with: &signer, [identity])
    #expect(early?.refusal?.reason == .notYetValid)
    let late = request.verify(
      at: expected.now + Int64(expected.expires) + 1, with: &signer, [identity])
    #expect(late?.refusal?.reason == .expired)
  }

  /// Clients, and what stands between them and a bucket, write the same URL in other ways.
  @Test(arguments: PresignCase.all)
  func itDoesNotMatterHowTheURLIsEncoded(_ expected: PresignCase) throws {
    var signer = Signer()
    let request = try sent(expected, with: &signer)
    var (slashes, order, lower, all) = (request, request, request, request)
    func lowercased(_ text: String) -> String {
      text.replacing(/%[0-9A-F]{2}/) { $0.output.lowercased() }
    }
    for i in request.query.indices {
      slashes.query[i].value = request.query[i].value.replacing("%2F", with: "/")
      lower.query[i].value = lowercased(request.query[i].value)
    }
    order.query.reverse()
    lower.path = lowercased(request.path)
    let path = try #require(written { _ = $0.append(percentDecoded: request.path.utf8.span) })
    all.path = path.utf8.map {
      $0 == UInt8(ascii: "/") ? "/" : "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16)
    }.joined()
    all.query[0].name = "%58-Amz-Algorithm"
    for (variant, reason) in [
      (slashes, "slashes in the query as they are, as yarl writes them"),
      (order, "the parameters in another order"),
      (lower, "hexadecimal digits in lower case"),
      (all, "every byte of the path escaped"),
    ] {
      let verification = variant.verify(at: expected.now, with: &signer, [expected.identity])
      #expect(verification?.isAccepted == true, "\(reason): \(variant.text)")
    }
  }

  /// A change of any one byte of the URL, of the host or of the length is refused, unless it writes the same URL in another way.
  @Test(arguments: PresignCase.all.filter { $0.sessionToken != nil }.prefix(1))
  func noByteCanBeChanged(_ expected: PresignCase) throws {
    var signer = Signer()
    let identity = expected.identity
    let request = try sent(expected, with: &signer)
    let good = Array(request.text.utf8)
    let meaning = try #require(Meaning(of: good))
    var refused = 0
    // The version is not signed, nor is it a part of what is asked for.
    let version = request.text.prefix(while: { $0 != "\r\n" }).utf8.count
    for place in good.indices where !(version - 8..<version).contains(place) {
      for change in [1, 0x20, 0x80] as [UInt8] {
        var bytes = good
        bytes[place] ^= change
        let verification = verification(of: bytes, at: expected.now, with: &signer, [identity])
        let isAccepted = verification?.isAccepted == true
        if isAccepted != (Meaning(of: bytes) == meaning) {
          Issue.record("accepted \(isAccepted): \(String(decoding: bytes, as: UTF8.self))")
        }
        if !isAccepted { refused += 1 }
      }
    }
    #expect(refused > good.count * 2)
  }
}
