internal import CCrypto

/// An MD5 in progress (RFC 1321). It protects nothing; S3 made it the ETag of an object and the check of `Content-MD5`.
@safe
public struct MD5: Sendable {
  // Safe, for every `unsafe` below: the state is lent to OpenSSL for the time of the call, and holds no pointers.
  private var state = slotd_md5()

  /// The 16 bytes of a finished hash.
  public typealias Digest = [16 of UInt8]

  /// The hash of nothing yet.
  public init() { unsafe slotd_md5_init(&state) }

  /// Takes in more bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe slotd_md5_update(&state, bytes)
  }

  /// Ends the hash; the state must not be used afterwards.
  public mutating func finish() -> Digest {
    var digest = Digest(repeating: 0)
    var span = digest.mutableSpan
    unsafe slotd_md5_final(&state, &span)
    return digest
  }
}
