internal import CCrypto

/// A key for HMAC-SHA256 (RFC 2104), kept as the two hash states that have taken in the padded key: a message then costs
/// its own bytes and two blocks, not four.
public struct HMACKey: Sendable {
  private var inner = SHA256()
  private var outer = SHA256()

  /// Bytes that SHA-256 takes in at a time; a key is padded to as many.
  private static let blockBytes = 64

  /// The key `bytes`, of any length.
  public init(_ bytes: Span<UInt8>) {
    var block = [64 of UInt8](repeating: 0)
    if bytes.count > Self.blockBytes {
      let digest = SHA256.digest(of: bytes)
      for i in digest.indices { block[i] = digest[i] }
    } else {
      for i in bytes.indices { block[i] = bytes[i] }
    }
    for i in block.indices { block[i] ^= 0x36 }
    inner.update(block.span)
    for i in block.indices { block[i] ^= 0x36 ^ 0x5C }
    outer.update(block.span)
    var span = block.mutableSpan
    slotd_wipe(&span)
  }

  /// The code that authenticates `message`.
  public func authenticate(_ message: Span<UInt8>) -> SHA256.Digest {
    authenticate(message, after: inner)
  }

  /// What a code has come to when the message begins with `head`, for messages that have that in common.
  func begun(with head: Span<UInt8>) -> SHA256 {
    var begun = inner
    begun.update(head)
    return begun
  }

  /// The code that authenticates the message that ends with `rest`, after what `begun` has taken in. Inlined, or the key is copied first.
  @inline(always)
  func authenticate(_ rest: Span<UInt8>, after begun: SHA256) -> SHA256.Digest {
    var inner = begun
    inner.update(rest)
    let digest = inner.finish()
    var outer = outer
    outer.update(digest.span)
    return outer.finish()
  }

  /// Overwrites both states.
  mutating func wipe() {
    inner.wipe()
    outer.wipe()
  }
}
