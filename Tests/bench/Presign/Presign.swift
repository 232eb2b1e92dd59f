import Signing
import Wire

/// What a presigned URL costs, beside what is hashed for it. The first line is how many blocks of SHA-256 a URL needs; each that
/// follows, the nanoseconds of a URL, and those that OpenSSL takes for so many blocks, one behind the other and nothing else.
@main
struct Presign: ~Copyable {
  /// Short rounds, many of them: what else goes on in the machine then falls on both alike.
  private static let rounds = 301
  private static let urls = 2_000

  private let presigner: Presigner
  private let token = [UInt8](repeating: 0x61, count: 64)
  private let name = Array("très cool.jpg".utf8)
  private var key = ByteBuffer(capacity: 1_024)
  private var signer = Signer()
  private var url = ByteBuffer(capacity: 4_096)

  private init() throws {
    let credentials = Credentials(
      accessKeyID: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    presigner = Presigner(
      try Endpoint("https://s3-eu-west-1.amazonaws.com/mybucket"),
      as: SigningIdentity(credentials, region: "eu-west-1"))
  }

  static func main() throws {
    var presign = try Presign()
    // The key of the day is derived here.
    presign.sign()
    // The canonical request is hashed, and what is signed, and once more the digest of that. The padded key before the last two
    // is not hashed again for each URL.
    let blocks =
      blocks(presign.signer.canonicalRequest.count) + blocks(presign.signer.stringToSign.count)
      + blocks(32)
    print(blocks)
    let bytes = [UInt8](repeating: 0x61, count: 64 * blocks)
    for _ in 0..<rounds { print(presign.time(), time(hashing: bytes)) }
  }

  private mutating func time() -> Double {
    let start = ContinuousClock.now
    for _ in 0..<Self.urls { sign() }
    return (ContinuousClock.now - start) / .nanoseconds(Self.urls)
  }

  private static func time(hashing bytes: [UInt8]) -> Double {
    var hash = SHA256()
    let start = ContinuousClock.now
    for _ in 0..<urls { hash.update(bytes.span) }
    return (ContinuousClock.now - start) / .nanoseconds(urls)
  }

  private mutating func sign() {
    let outcome = Self.sign(presigner, token, name, &key, &signer, &url)
    guard outcome == .url(lifetime: 60) else { fatalError("no URL: \(outcome)") }
  }

  /// Makes a URL as slots have it: the token needs no encoding, and the name gets it here.
  ///
  /// Static, because a span of one part of a value keeps the compiler (6.3) from changing its other parts.
  private static func sign(
    _ presigner: Presigner, _ token: [UInt8], _ name: [UInt8], _ key: inout ByteBuffer,
    _ signer: inout Signer, _ url: inout ByteBuffer
  ) -> Presigner.Outcome {
    key.clear()
    key.append(token.span)
    key.append("/")
    key.append(percentEncoded: name.span)
    url.clear()
    return presigner.presign(
      .put, key: key.bytes, encoded: true, contentLength: 23_456, lifetime: 60,
      now: 1_795_000_000, with: &signer, into: &url)
  }

  /// Blocks that the end of a message with so many bytes takes; its padding is nine bytes at least (FIPS 180-4 §5.1.1).
  private static func blocks(_ byteCount: Int) -> Int { (byteCount + 9 + 63) / 64 }
}
