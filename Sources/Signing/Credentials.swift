internal import Wire

/// What a bucket knows the signer by: an access key, and for a temporary session its token and its end.
public struct Credentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  /// The public half of the access key, such as `AKIAIOSFODNN7EXAMPLE`.
  public let accessKeyID: String
  /// When the session ends, in seconds since the beginning of 1970; nil for a key that lasts.
  public let expiresAt: Int64?
  /// The secret half with `AWS4` before it, as the first step of a signing key wants it.
  let prefixedSecret: FrozenBytes
  /// What proves the session, beside the key.
  let sessionToken: FrozenBytes?

  /// Credentials with these parts. An empty session token is none.
  public init(
    accessKeyID: String, secretAccessKey: Span<UInt8>, sessionToken: Span<UInt8>,
    expiresAt: Int64? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.expiresAt = expiresAt
    var secret = ByteBuffer(capacity: 4 + secretAccessKey.count)
    secret.append("AWS4")
    secret.append(secretAccessKey)
    prefixedSecret = FrozenBytes(secret)
    self.sessionToken = sessionToken.isEmpty ? nil : FrozenBytes(sessionToken)
  }

  /// Credentials with these parts, where they are strings already. An empty session token is none.
  public init(
    accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil,
    expiresAt: Int64? = nil
  ) {
    self.init(
      accessKeyID: accessKeyID, secretAccessKey: secretAccessKey.utf8.span,
      sessionToken: (sessionToken ?? "").utf8.span, expiresAt: expiresAt)
  }

  /// What stands in the place of credentials as long as there are none: nothing is signed with it.
  public static let none = Credentials(accessKeyID: "", secretAccessKey: "")

  /// Whether these are ``none``.
  public var isNone: Bool { accessKeyID.isEmpty }

  /// Whether both are the same key and session, with the same end.
  public func isSame(as other: Credentials) -> Bool {
    guard accessKeyID == other.accessKeyID, expiresAt == other.expiresAt else { return false }
    guard constantTimeEqual(prefixedSecret.bytes, other.prefixedSecret.bytes) else { return false }
    switch (sessionToken, other.sessionToken) {
    case (nil, nil): return true
    case (let mine?, let theirs?): return constantTimeEqual(mine.bytes, theirs.bytes)
    default: return false
    }
  }

  /// Whether the session has ended at a time in seconds since the beginning of 1970.
  public func hasEnded(at unixSeconds: Int64) -> Bool {
    expiresAt.map { $0 <= unixSeconds } ?? false
  }

  /// The first letters of the access key, for logs: `AKIA…`.
  public var description: String { isNone ? "none" : accessKeyID.prefix(4) + "…" }
  /// The same as ``description``.
  public var debugDescription: String { description }
}
