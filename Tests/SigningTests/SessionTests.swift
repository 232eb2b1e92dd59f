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
      (600, 0, .url(lifetime: 100), "what the session has left"),
      (600, 99, .url(lifetime: 1), "its last second"),
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
    let ended = good.verify(at: exampleTime + 100, with: &signer, [session])
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
