import Settings
import Signing
import Wire

/// The bearer tokens that let a caller in, and where a request may carry one.
struct Tokens: Sendable {
  private let all: [Secret]

  init(_ all: [Secret]) { self.all = all }

  /// Whether callers need none.
  var isEmpty: Bool { all.isEmpty }

  /// Whether `token` is one of them. All are compared, so that the time taken says nothing about which was closest.
  func contains(_ token: Span<UInt8>) -> Bool {
    var found = false
    for secret in all where constantTimeEqual(secret.bytes, token) { found = true }
    return found
  }

  /// Whether the percent-encoded `segment` of a path is one of them. `scratch` is used and left as it was.
  func admit(path segment: Span<UInt8>, _ scratch: inout ByteBuffer) -> Bool {
    let start = scratch.count
    defer { scratch.truncate(to: start) }
    guard scratch.append(percentDecoded: segment) else { return false }
    return contains(scratch.bytes.extracting(droppingFirst: start))
  }

  /// Whether an `Authorization` field carries one of them: as `Bearer`, or as the password of `Basic`, which is what
  /// `http://user:token@host/` makes ejabberd send. `scratch` is used and left as it was.
  func admit(_ authorization: Span<UInt8>, _ scratch: inout ByteBuffer) -> Bool {
    guard let space = authorization.firstIndex(of: 0x20) else { return false }
    let scheme = authorization.extracting(first: space)
    let value = authorization.extracting(droppingFirst: space).trimmed
    if scheme.equalsIgnoringCase("bearer") { return contains(value) }
    guard scheme.equalsIgnoringCase("basic") else { return false }
    let start = scratch.count
    defer { scratch.truncate(to: start) }
    guard scratch.append(base64Decoded: value) else { return false }
    let pair = scratch.bytes.extracting(droppingFirst: start)
    guard let colon = pair.firstIndex(of: UInt8(ascii: ":")) else { return false }
    return contains(pair.extracting(droppingFirst: colon + 1))
  }
}
