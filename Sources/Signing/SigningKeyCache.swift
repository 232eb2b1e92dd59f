internal import Wire

/// The signing keys of the day that one thread has made last. Deriving one costs four times what using it does.
struct SigningKeyCache: ~Copyable {
  /// Keys that are kept at once. With more credentials than that in use the oldest is dropped, and derived again when wanted.
  typealias Places<Element> = [16 of Element]

  /// Whose key it is: the object that the identity alone has. It is held, so that no other takes its place in memory.
  private var owners = Places<FrozenBytes?>(repeating: nil)
  private var days = Places<Int64>(repeating: 0)
  private var keys = Places<HMACKey>(repeating: HMACKey(("" as StaticString).bytes))
  /// The place that is given away next.
  private var next = 0

  /// The key at a place that ``place(of:on:)`` returned.
  subscript(_ place: Int) -> HMACKey {
    _read { yield keys[place] }
  }

  /// The place of the key that `identity` has on the day of `date`; it is derived where it is not there.
  mutating func place(of identity: SigningIdentity, on date: AmzDate) -> Int {
    let day = date.dayNumber
    for i in owners.indices where owners[i] === identity.scopeTail && days[i] == day { return i }
    let place = next
    next = (next + 1) % owners.count
    owners[place] = identity.scopeTail
    days[place] = day
    keys[place] = identity.signingKey(day: date.day)
    return place
  }

  /// Overwrites all keys and drops the owners.
  mutating func forget() {
    for i in owners.indices {
      owners[i] = nil
      keys[i].wipe()
    }
  }
}
