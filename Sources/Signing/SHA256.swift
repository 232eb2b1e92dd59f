internal import CCrypto
internal import Wire

/// A SHA-256 in progress (FIPS 180-4). A value: a copy is a fork, which is how an HMAC key is hashed only once.
@safe
package struct SHA256 {
  // Safe, for every `unsafe` below: the state is lent to OpenSSL for the time of the call, and holds no pointers.
  private var state = slotd_sha256()

  /// The 32 bytes of a finished hash.
  package typealias Digest = [32 of UInt8]

  package init() { unsafe slotd_sha256_init(&state) }

  package mutating func update(_ bytes: Span<UInt8>) {
    unsafe slotd_sha256_update(&state, bytes)
  }

  /// Ends the hash; the state must not be used afterwards.
  package mutating func finish() -> Digest {
    var digest = Digest(repeating: 0)
    var span = digest.mutableSpan
    unsafe slotd_sha256_final(&state, &span)
    return digest
  }
}
