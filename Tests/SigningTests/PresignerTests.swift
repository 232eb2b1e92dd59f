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

  @Test func theAnswerOfAGETCanBeChosen() throws {
    let presigner = Presigner(try Endpoint("http://localhost:9000/b"), as: .example, addsACL: true)
    var signer = Signer()
    var url = ByteBuffer(capacity: 4096)
    _ = presigner.presign(
      .get, key: "key".utf8.span,
      responseDisposition: "attachment; filename*=UTF-8''%C3%A9".utf8.span,
      responseType: "image/png".utf8.span, lifetime: 60, now: exampleTime, with: &signer, into: &url
    )
    let text = url.bytes.text
    #expect(
      text.contains(
        "&X-Amz-SignedHeaders=host"
          + "&response-content-disposition=attachment%3B%20filename%2A%3DUTF-8%27%27%25C3%25A9"
          + "&response-content-type=image%2Fpng&X-Amz-Signature="))
    let sent = SentRequest("GET", text)
    #expect(sent.verify(at: exampleTime, with: &signer, [.example])?.isAccepted == true)
  }

  @Test(arguments: [(Presigner.Method.get, "GET"), (.head, "HEAD"), (.delete, "DELETE")])
  func othersThanPUTSignTheHostAlone(_ method: Presigner.Method, _ name: String) throws {
    let presigner = Presigner(try Endpoint("http://localhost:9000/b"), as: .example, addsACL: true)
    var signer = Signer()
    var url = ByteBuffer(capacity: 4096)
    _ = presigner.presign(
      method, key: "key".utf8.span, lifetime: 60, now: exampleTime, with: &signer, into: &url)
    let text = url.bytes.text
    #expect(text.contains("&X-Amz-SignedHeaders=host&X-Amz-Signature="))
    let sent = SentRequest(name, text)
    #expect(sent.verify(at: exampleTime, with: &signer, [.example])?.isAccepted == true)
  }

  @Test(arguments: ["text/plain\r\nx-amz-acl:public-read", "text/plain\u{0}", "a\u{7F}"])
  func noContentTypeCanAddALine(_ type: String) throws {
    let presigner = Presigner(try Endpoint("http://localhost:9000/b"), as: .example)
    var signer = Signer()
    var url = ByteBuffer(capacity: 4096)
    let outcome = presigner.presign(
      .put, key: "key".utf8.span, contentType: type.utf8.span, lifetime: 60, now: exampleTime,
      with: &signer, into: &url)
    #expect(outcome == .contentType)
    let (isEmpty, signature) = (url.isEmpty, signer.signature.text)
    #expect(isEmpty)
    #expect(signature.isEmpty)
  }

  @Test(
    arguments: [
      (10, 1024, .url(lifetime: 60), "room enough"),
      (10, 305, .url(lifetime: 60), "just enough"),
      (10, 304, .tooLong, "a byte too little"),
      (60_000, 16_384, .tooLong, "a key beyond all limits"),
      (70_000, 524_288, .tooLong, "a key beyond what a signer has room for"),
    ] as [(Int, Int, Presigner.Outcome, String)])
  func aURLThatDoesNotFitIsNotBegun(
    _ keyCount: Int, _ capacity: Int, _ expected: Presigner.Outcome, _ reason: String
  ) throws {
    let presigner = Presigner(try Endpoint("http://localhost:9000/b"), as: .example)
    var signer = Signer()
    var url = ByteBuffer(capacity: capacity)
    url.append("before")
    let key = [UInt8](repeating: UInt8(ascii: "a"), count: keyCount)
    let outcome = presigner.presign(
      .get, key: key.span, lifetime: 60, now: exampleTime, with: &signer, into: &url)
    #expect(outcome == expected, "\(reason)")
    let (count, overflowed) = (url.count, url.overflowed)
    #expect(count == (expected == .tooLong ? 6 : 305))
    #expect(!overflowed)
  }

  /// Each identity and each day has a key of its own, however many are used in turn.
  @Test func keysAreNotMixedUp() throws {
    let endpoint = try Endpoint("http://localhost:9000/b")
    let presigners = (0..<40).map { number in
      Presigner(
        endpoint,
        as: SigningIdentity(
          Credentials(accessKeyID: "AKIA", secretAccessKey: "secret \(number)"), region: "auto"))
    }
    func signature(_ presigner: Presigner, _ day: Int64, with signer: inout Signer) -> String {
      var url = ByteBuffer(capacity: 4096)
      _ = presigner.presign(
        .get, key: "key".utf8.span, lifetime: 60, now: exampleTime + day * 86_400, with: &signer,
        into: &url)
      return signer.signature.text
    }
    var kept = Signer(identities: 4)
    var seen: Set<String> = []
    for round in 0..<2 {
      for day in Int64(0)..<2 {
        for presigner in presigners {
          var fresh = Signer()
          let expected = signature(presigner, day, with: &fresh)
          #expect(signature(presigner, day, with: &kept) == expected)
          #expect(seen.insert(expected).inserted == (round == 0))
        }
        kept.forgetKeys()
      }
    }
  }

  /// What the URLs of a second have in common is kept, and is nobody else's, and of no other second, lifetime or method.
  @Test func whatIsKeptIsUsedWhereItBelongs() throws {
    let endpoint = try Endpoint("http://localhost:9000/b")
    let presigners = [nil, "token", "another"].map { token in
      Presigner(
        endpoint,
        as: SigningIdentity(
          Credentials(accessKeyID: "AKIA", secretAccessKey: "secret", sessionToken: token),
          region: "auto"))
    }
    func url(
      _ presigner: Presigner, _ lifetime: Int, _ second: Int64, _ size: UInt64?,
      with signer: inout Signer
    ) -> String {
      var url = ByteBuffer(capacity: 4096)
      _ = presigner.presign(
        size == nil ? .get : .put, key: "key".utf8.span, contentLength: size, lifetime: lifetime,
        now: exampleTime + second, with: &signer, into: &url)
      return url.bytes.text
    }
    var kept = Signer()
    var seen: Set<String> = []
    // Steps without a common divisor meet each pair of neighbours.
    for step in 0..<3 * 2 * 3 * 2 * 5 {
      let (presigner, lifetime) = (presigners[step % 3], [60, 600][step / 3 % 2])
      let (second, size) = (Int64(step / 5 % 3), step / 7 % 2 == 0 ? UInt64(42) : nil)
      var fresh = Signer()
      let expected = url(presigner, lifetime, second, size, with: &fresh)
      #expect(url(presigner, lifetime, second, size, with: &kept) == expected)
      seen.insert(expected)
    }
    #expect(seen.count == 3 * 2 * 3 * 2)
  }

  /// A token that is too long to be kept must not be left out.
  @Test func aSessionTokenBeyondAllLimitsGivesNoURL() throws {
    let token = String(repeating: "t", count: 70_000)
    let presigner = Presigner(
      try Endpoint("http://localhost:9000/b"),
      as: SigningIdentity(
        Credentials(accessKeyID: "AKIA", secretAccessKey: "secret", sessionToken: token),
        region: "auto"))
    var signer = Signer()
    var url = ByteBuffer(capacity: 524_288)
    for _ in 0..<2 {
      let outcome = presigner.presign(
        .get, key: "key".utf8.span, lifetime: 60, now: exampleTime, with: &signer, into: &url)
      #expect(outcome == .tooLong)
    }
  }
}
