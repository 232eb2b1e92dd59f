internal import CCrypto

/// A SHA-1 in progress (FIPS 180-4). It protects nothing; S3 knows it as one of the checksums of an upload.
@safe
public struct SHA1: Sendable {
  // Safe, for every `unsafe` below: the state is lent to OpenSSL for the time of the call, and holds no pointers.
  private var state = slotd_sha1()

  /// The 20 bytes of a finished hash.
  public typealias Digest = [20 of UInt8]

  /// The hash of nothing yet.
  public init() { unsafe slotd_sha1_init(&state) }

  /// Takes in more bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe slotd_sha1_update(&state, bytes)
  }

  /// Ends the hash; the state must not be used afterwards.
  public mutating func finish() -> Digest {
    var digest = Digest(repeating: 0)
    var span = digest.mutableSpan
    unsafe slotd_sha1_final(&state, &span)
    return digest
  }
}
