internal import Signing
internal import Wire

/// Bytes that must not be seen: a secret access key, a bearer token, the key of a hash.
///
/// They are never printed (every description says `(secret)`), compared without telling where they differ, and
/// overwritten when the last copy is gone. What the bytes came from is not always within reach: a string of the
/// environment or of the TOML text may leave copies, so a `_file` is the better home for a secret.
public struct Secret: Sendable {
  private let memory: FrozenBytes

  /// Takes the bytes over: `bytes` is overwritten and left empty.
  public init(taking bytes: inout [UInt8]) {
    memory = FrozenBytes(bytes.span)
    wipe(&bytes)
  }

  /// A secret of the UTF-8 bytes of `text`.
  public init(_ text: String) { memory = FrozenBytes(text.utf8.span) }

  /// The bytes, to be signed with or compared; never to be logged.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { memory.bytes }
  }

  /// Whether a byte may stand in a secret: visible ASCII, so that it can stand in a header field and is not cut short anywhere.
  static func isAllowed(_ byte: UInt8) -> Bool { (0x21...0x7e).contains(byte) }
}

extension Secret {
  /// The bytes as text, for the one secret-like value that is public in the end: an access key's name.
  var text: String { String(copying: bytes) }
}

extension Secret: Hashable {
  /// Whether both hold the same bytes; the time taken depends on the lengths alone.
  public static func == (left: Secret, right: Secret) -> Bool {
    constantTimeEqual(left.bytes, right.bytes)
  }

  /// Tells nothing of the bytes, so all secrets have one hash.
  public func hash(into hasher: inout Hasher) {}
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always `(secret)`.
  public var description: String { "(secret)" }
  /// Always `(secret)`.
  public var debugDescription: String { description }
  /// A mirror without children, so that `dump` shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
