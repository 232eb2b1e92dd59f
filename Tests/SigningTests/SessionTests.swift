import Signing
import TestSupport
import Testing
import Wire

/// Temporary credentials: a session token, and an end.
struct SessionTests {
  private let session = SigningIdentity(
    Credentials(
      accessKeyID: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: "secret", sessionToken: "a+/=b",
      expiresAt: exampleTime + 100),
    region: "auto")

  private func presign(
    _ lifetime: Int, at now: Int64, _ url: inout ByteBuffer
  ) throws -> Presigner.Outcome {
    var signer = Signer()
    let presigner = Presigner(try Endpoint("http://[::1]:9000/bucket"), as: session)
    return presigner.presign(
      .get, key: "key".utf8.span, lifetime: lifetime, now: now, with: &signer, into: &url)
  }

  @Test(
    arguments: [
      (60, 0, .url(lifetime: 60), "less than the session has left"),
      (600, 0, .url(lifetime: 95), "what the session has left, less five seconds"),
      (600, 85, .url(lifetime: 10), "the least that is of use"),
      (600, 86, .sessionEnded, "less than is of use"),
      (7, 88, .url(lifetime: 7), "as little as was asked for"),
      (7, 89, .sessionEnded, "less than was asked for"),
      (1, 95, .sessionEnded, "within the margin"),
      (600, 100, .sessionEnded, "its end"),
      (1, 1000, .sessionEnded, "after it"),
      (0, 0, .url(lifetime: 1), "at least a second"),
      (-5, 0, .url(lifetime: 1), "at least a second"),
    ] as [(Int, Int64, Presigner.Outcome, String)])
  func noURLOutlivesItsSession(
    _ lifetime: Int, _ after: Int64, _ expected: Presigner.Outcome, _ reason: String
  ) throws {
    var url = ByteBuffer(capacity: 4096)
    #expect(try presign(lifetime, at: exampleTime + after, &url) == expected, "\(reason)")
    let text = url.bytes.text
    if case .url(let seconds) = expected {
      #expect(text.contains("&X-Amz-Expires=\(seconds)&X-Amz-Security-Token=a%2B%2F%3Db&"))
    } else {
      #expect(text.isEmpty)
    }
  }

  @Test func nothingIsSignedWithoutCredentials() throws {
    var signer = Signer()
    var url = ByteBuffer(capacity: 4096)
    let nobody = SigningIdentity(.none, region: "auto")
    let presigner = Presigner(try Endpoint("http://localhost/b"), as: nobody)
    let outcome = presigner.presign(
      .put, key: "key".utf8.span, lifetime: 60, now: exampleTime, with: &signer, into: &url)
    #expect(outcome == .noCredentials)
    #expect(url.bytes.text.isEmpty)
    let somebody = presigner.with(session.credentials)
    #expect(
      somebody.presign(
        .put, key: "key".utf8.span, lifetime: 60, now: exampleTime, with: &signer, into: &url)
        == .url(lifetime: 60))
  }

  @Test func credentialsAreTheSame() {
    func made(
      _ id: String = "id", _ secret: String = "s", _ token: String? = "t", _ end: Int64? = 5
    ) -> Credentials {
      Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiresAt: end)
    }
    #expect(made().isSame(as: made()))
    #expect(made("id", "s", nil, nil).isSame(as: made("id", "s", "", nil)))
    for other in [
      made("ID"), made("id", "S"), made("id", "s", "T"), made("id", "s", nil),
      made("id", "s", "t", 6), made("id", "s", "t", nil),
    ] {
      #expect(!made().isSame(as: other) && !other.isSame(as: made()))
    }
  }

  @Test func aWeekIsTheMost() throws {
    let presigner = Presigner(try Endpoint("http://localhost/b"), as: .example)
    var signer = Signer()
    var url = ByteBuffer(capacity: 4096)
    let outcome = presigner.presign(
      .put, key: "key".utf8.span, lifetime: .max, now: exampleTime, with: &signer, into: &url)
    #expect(outcome == .url(lifetime: 604_799))
  }

  @Test func theTokenIsCheckedLikeTheSignature() throws {
    var signer = Signer()
    var url = ByteBuffer(capacity: 4096)
    _ = try presign(600, at: exampleTime, &url)
    let good = SentRequest("GET", url.bytes.text)
    #expect(good.verify(at: exampleTime, with: &signer, [session])?.isAccepted == true)
    var other = good
    other[parameter: "X-Amz-Security-Token"] = "a%2B%2F%3Dc"
    let refused = other.verify(at: exampleTime, with: &signer, [session])
    #expect(refused?.refusal?.reason == .token)
    var none = good
    none.query.removeAll { $0.name == "X-Amz-Security-Token" }
    #expect(none.verify(at: exampleTime, with: &signer, [session])?.refusal?.reason == .token)
    // A presigner would not sign beyond the end of a session that it knows; others may.
    let endless = SigningIdentity(
      Credentials(
        accessKeyID: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: "secret", sessionToken: "a+/=b"),
      region: "auto")
    url.clear()
    _ = Presigner(try Endpoint("http://[::1]:9000/bucket"), as: endless).presign(
      .get, key: "key".utf8.span, lifetime: 600, now: exampleTime, with: &signer, into: &url)
    let late = SentRequest("GET", url.bytes.text)
    let ended = late.verify(at: exampleTime + 100, with: &signer, [session])
    #expect(ended?.refusal?.code.description == "ExpiredToken")
  }

  @Test func secretsAreNotShown() {
    let credentials = session.credentials
    var dumped = ""
    dump(session, to: &dumped)
    for text in ["\(credentials)", String(reflecting: credentials)] {
      #expect(text == "ASIA…")
    }
    #expect(!dumped.contains("secret") && !dumped.contains("a+/=b"), "\(dumped)")
  }
}
