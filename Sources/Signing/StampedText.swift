internal import Wire

/// A text that all signatures of one identity in one second have in common, and that is written once for them: the beginning of a
/// query, or of a string to sign. Together that takes a tenth off a presigned URL.
struct StampedText: ~Copyable {
  private(set) var text = ByteBuffer(capacity: Signer.roomBytes)
  /// The number of the identity; 0 where it is nobody's.
  private var owner: UInt64 = 0
  private var second = Int64.min
  private var lifetime = 0

  /// Makes it the one of these, which `write` is asked for where it was another's; returns whether it was.
  @discardableResult
  mutating func adopt(
    _ identity: SigningIdentity, second: Int64, lifetime: Int = 0,
    _ write: (inout ByteBuffer) -> Void
  ) -> Bool {
    guard owner != identity.number || self.second != second || self.lifetime != lifetime else {
      return false
    }
    forget()
    owner = identity.number
    self.second = second
    self.lifetime = lifetime
    write(&text)
    return true
  }

  /// Appends it to `other`, which overflows where it was too long itself.
  func append(to other: inout ByteBuffer) {
    if text.overflowed { other.overflow() }
    other.append(text.bytes)
  }

  /// Overwrites it: a session token may be in it.
  mutating func forget() {
    text.erase(text.count)
    owner = 0
  }
}
