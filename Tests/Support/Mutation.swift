/// A generator of numbers that are the same on every run: splitmix64.
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// A generator whose numbers depend on `seed` alone.
  public init(seed: UInt64) { state = seed }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

/// `bytes` with one to three small changes: a byte replaced, put in, left out, or a run repeated. `alphabet` is what new bytes
/// come from; without one, from all.
public func mutate(
  _ bytes: [UInt8],
  alphabet: [UInt8] = Array("\r\n\t \0:/?#,;%\"\\{}[]0123456789aAzZ-+.\u{7F}é".utf8),
  using random: inout SeededGenerator
) -> [UInt8] {
  var bytes = bytes
  for _ in 0..<Int.random(in: 1...3, using: &random) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let new = alphabet.randomElement(using: &random) ?? 0
    switch Int.random(in: 0..<4, using: &random) {
    case 0 where place < bytes.count: bytes[place] = new
    case 1 where place < bytes.count: bytes.remove(at: place)
    case 2:
      let run = bytes[place..<min(place + Int.random(in: 1...8, using: &random), bytes.count)]
      bytes.insert(contentsOf: Array(run), at: place)
    default: bytes.insert(new, at: place)
    }
  }
  return bytes
}
