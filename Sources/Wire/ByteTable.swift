/// A table from byte strings to small numbers that is built once and then only read: looking up costs the same however many
/// there are, and allocates nothing.
public struct ByteTable: Sendable {
  private struct Slot {
    var key: ByteRange
    var value: Int32
  }

  private var keys: [UInt8] = []
  /// Open addressing: a power of two of places, at most half of them taken; a value of -1 is a free place.
  private var slots: [Slot]

  /// A table of these; of a key that is there twice, the first counts.
  public init(_ entries: [(key: [UInt8], value: Int)]) {
    var capacity = 8
    while capacity < entries.count * 2 { capacity *= 2 }
    slots = Array(repeating: Slot(key: ByteRange(), value: -1), count: capacity)
    for (key, value) in entries where self[key.span] == nil {
      let start = keys.count
      keys += key
      var place = Self.hash(key.span) & (capacity - 1)
      while slots[place].value >= 0 { place = (place + 1) & (capacity - 1) }
      slots[place] = Slot(
        key: ByteRange(start, keys.count), value: Int32(truncatingIfNeeded: value))
    }
  }

  /// The number of `key`, or nil.
  public subscript(_ key: Span<UInt8>) -> Int? {
    var place = Self.hash(key) & (slots.count - 1)
    while slots[place].value >= 0 {
      if keys.span[slots[place].key].equals(key) { return Int(slots[place].value) }
      place = (place + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Multiplies by the golden ratio, eight bytes at a time. The keys are the operator's, so nobody can choose ones that collide.
  private static func hash(_ key: Span<UInt8>) -> Int {
    var hash = UInt64(truncatingIfNeeded: key.count)
    var i = 0
    while i < key.count {
      hash = (hash ^ key.eightBytes(at: i).bits) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
      i += 8
    }
    return Int(truncatingIfNeeded: hash)
  }
}
