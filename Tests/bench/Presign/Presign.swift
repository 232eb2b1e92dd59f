import Signing
import Wire

/// What a presigned URL costs, beside what is hashed for it. The first line is how many blocks of SHA-256 a URL needs; each that
/// follows, the nanoseconds of a URL, and those that OpenSSL takes for so many blocks, one behind the other and nothing else.
@main
struct Presign {
  /// Short rounds, many of them: what else goes on in the machine then falls on both alike.
  private static let rounds = 301
  private static let urls = 2_000

  static func main() throws {
    let endpoint = try Endpoint("https://s3-eu-west-1.amazonaws.com/mybucket")
    let credentials = Credentials(
      accessKeyID: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    let presigner = Presigner(endpoint, as: SigningIdentity(credentials, region: "eu-west-1"))
    let key = String(repeating: "a", count: 64) + "/très cool.jpg"
    var signer = Signer()
    var url = ByteBuffer(capacity: 4_096)

    func presign() {
      url.clear()
      let outcome = presigner.presign(
        .put, key: key.utf8.span, contentLength: 23_456, lifetime: 60, now: 1_795_000_000,
        with: &signer, into: &url)
      guard outcome == .url(lifetime: 60) else { fatalError("no URL: \(outcome)") }
    }
    // The key of the day is derived here.
    presign()
    // The canonical request is hashed, and what is signed, and once more the digest of that. The padded key before the last two
    // is not hashed again for each URL.
    let blocks =
      blocks(signer.canonicalRequest.count) + blocks(signer.stringToSign.count) + blocks(32)
    print(blocks)
    let bytes = [UInt8](repeating: 0x61, count: 64 * blocks)
    var hash = SHA256()
    for _ in 0..<rounds {
      print(nanoseconds { presign() }, nanoseconds { hash.update(bytes.span) })
    }
  }

  /// Blocks that the end of a message with so many bytes takes; its padding is nine bytes at least (FIPS 180-4 §5.1.1).
  private static func blocks(_ byteCount: Int) -> Int { (byteCount + 9 + 63) / 64 }

  private static func nanoseconds(_ body: () -> Void) -> Double {
    let duration = ContinuousClock().measure { for _ in 0..<urls { body() } }
    return duration / .nanoseconds(urls)
  }
}
