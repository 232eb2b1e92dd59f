import Signing
import TestSupport
import Wire

/// Signatures: whatever is presigned is accepted, and no byte of it can be changed unless the request says the same afterwards.
///
/// The lines of an input: method, key, size, media type, lifetime, access key, session token, where to change a byte, and by what.
func fuzzSignature(_ bytes: [UInt8]) {
  // First as the head of a request, signed or not: whatever strangers send, the verifier comes to an end.
  var signer = Signer()
  _ = verification(
    of: bytes, at: now, with: &signer, [identity(accessKeyID: "AKIAIOSFODNN7EXAMPLE")])

  var lines = Lines(bytes)
  let method = lines.text()
  let key = lines.next()
  let size = UInt64(lines.text())
  let type = lines.next()
  let lifetime = lines.number()
  let accessKeyID = lines.text()
  let token = lines.next()
  let identity = identity(accessKeyID: accessKeyID.isEmpty ? "AKIA" : accessKeyID, token)
  var url = ByteBuffer(capacity: 65_536)
  let outcome = Presigner(endpoint, as: identity).presign(
    methods[method] ?? .put, key: key.span, contentLength: size, contentType: type.span,
    lifetime: lifetime, now: now, with: &signer, into: &url)
  guard case .url(let lifetime) = outcome else { return }

  var request = SentRequest(methods[method] == nil ? "PUT" : method, url.bytes.text)
  if let size { request.fields.append(("Content-Length", "\(size)")) }
  let good =
    Array(request.text.utf8.dropLast(2)) + Array("Content-Type: ".utf8) + type
    + Array("\r\n\r\n".utf8)
  // What is longer than a head may be was never a request.
  guard good.count < Limits.headBytesMax else { return }
  require(
    verdict(good, identity, after: 0, &signer), "refused: \(String(decoding: good, as: UTF8.self))")
  require(verdict(good, identity, after: Int64(lifetime), &signer), "ends before its lifetime")
  require(!verdict(good, identity, after: Int64(lifetime) + 1, &signer), "outlives its lifetime")

  // The version is no part of what is asked for.
  let line = good.firstIndex(of: 13) ?? 0
  let place = Int(lines.number().magnitude % UInt(good.count))
  let change = UInt8(truncatingIfNeeded: lines.number())
  guard !(line - 8..<line).contains(place) else { return }
  var changed = good
  changed[place] ^= change
  require(
    verdict(changed, identity, after: 0, &signer) == (Meaning(of: changed) == Meaning(of: good)),
    String(decoding: changed, as: UTF8.self))
}

private let methods: [String: Presigner.Method] = [
  "GET": .get, "HEAD": .head, "PUT": .put, "DELETE": .delete,
]

/// 24 May 2013, midnight.
private let now: Int64 = 1_369_353_600

private let endpoint: Endpoint = {
  do throws(EndpointError) {
    return try Endpoint("https://s3.example.org:8443/bucket/pr%C3%A9fixe")
  } catch {
    fatalError("\(error)")
  }
}()

private func identity(accessKeyID: String, _ token: [UInt8] = []) -> SigningIdentity {
  let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  return SigningIdentity(
    Credentials(
      accessKeyID: accessKeyID, secretAccessKey: secret.utf8.span, sessionToken: token.span),
    region: "us-east-1")
}

/// Whether a request is accepted so many seconds later.
private func verdict(
  _ request: [UInt8], _ identity: SigningIdentity, after seconds: Int64, _ signer: inout Signer
) -> Bool {
  verification(of: request, at: now + seconds, with: &signer, [identity])?.isAccepted == true
}
