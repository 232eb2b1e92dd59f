internal import Wire

/// The signing keys of the day that one thread has made: deriving one costs as much as three signatures.
struct SigningKeyCache: ~Copyable {
  private struct Entry {
    /// The number of the identity whose key it is; 0 where there is none.
    var owner: UInt64 = 0
    var day: Int64 = 0
    var key = HMACKey(("" as StaticString).bytes)
  }

  /// A power of two of places. They are an array, and not an inline one, because the compiler copies those as a whole to read one
  /// element, which costs more than a hash.
  private var entries: [Entry]
  /// Places that an identity's key may stand in, from the one that its number leads to.
  private static let window = 4

  /// A cache for the keys of so many identities. With more in use, some are derived again and again.
  init(identities: Int) {
    var places = 2 * Self.window
    while places < 2 * identities { places *= 2 }
    entries = Array(repeating: Entry(), count: places)
  }

  /// What the code of a message comes to that begins with `head`, with the key at a place that ``place(of:on:)`` returned.
  func begun(with head: Span<UInt8>, at place: Int) -> SHA256 {
    entries[place].key.begun(with: head)
  }

  /// The code of a message that ends with `rest`, after what `begun` has taken in, with the key at such a place.
  @inline(always)
  func authenticate(_ rest: Span<UInt8>, after begun: SHA256, at place: Int) -> SHA256.Digest {
    entries[place].key.authenticate(rest, after: begun)
  }

  /// The place of the key that `identity` has on the day of `date`; it is derived where it is not there.
  mutating func place(of identity: SigningIdentity, on date: AmzDate) -> Int {
    let owner = identity.number
    let day = date.dayNumber
    // The golden ratio spreads numbers over the places.
    let first = Int(truncatingIfNeeded: (owner &* 0x9E37_79B9_7F4A_7C15) >> 32)
    var free = first & (entries.count - 1)
    for i in first..<first + Self.window {
      let place = i & (entries.count - 1)
      if entries[place].owner == owner, entries[place].day == day { return place }
      // A key of another day is as good as none.
      if entries[place].owner == 0 || entries[place].day != day { free = place }
    }
    entries[free] = Entry(owner: owner, day: day, key: identity.signingKey(day: date.day))
    return free
  }

  /// Overwrites all keys and forgets whose they were.
  mutating func forget() {
    for i in entries.indices {
      entries[i].owner = 0
      entries[i].key.wipe()
    }
  }
}
