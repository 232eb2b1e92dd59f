internal import CCrypto

/// A SHA-256 in progress (FIPS 180-4). A value: a copy is a fork, which is how an HMAC key is hashed only once.
@safe
public struct SHA256: Sendable {
  // Safe, for every `unsafe` below: the state is lent to OpenSSL for the time of the call, and holds no pointers.
  private var state = slotd_sha256()

  /// The 32 bytes of a finished hash.
  public typealias Digest = [32 of UInt8]

  /// The hash of nothing yet.
  public init() { unsafe slotd_sha256_init(&state) }

  /// Takes in more bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe slotd_sha256_update(&state, bytes)
  }

  /// Ends the hash; the state must not be used afterwards.
  public mutating func finish() -> Digest {
    var digest = Digest(repeating: 0)
    var span = digest.mutableSpan
    unsafe slotd_sha256_final(&state, &span)
    return digest
  }

  /// The hash of `bytes`.
  public static func digest(of bytes: Span<UInt8>) -> Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  /// Overwrites the state.
  mutating func wipe() { unsafe slotd_sha256_wipe(&state) }
}
