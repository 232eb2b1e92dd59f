/// Eight bytes that are looked at together, the first of them the lowest. Most of what is read are runs in which nothing special
/// stands, and eight bytes of those cost about as much as one: a tenth of what a slot took besides hashing.
///
/// Questions are answered with marks: the highest bit of each byte that it is true of. Behind the first mark there may be wrong ones,
/// because carries move up, so only the first counts.
@frozen
public struct EightBytes: Equatable {
  @usableFromInline let bits: UInt64

  @inlinable init(_ bits: UInt64) { self.bits = bits }

  /// The number that has `byte` in each of its bytes.
  @inlinable static func each(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

  /// Marks the bytes that are `byte`.
  @inlinable public func marks(of byte: UInt8) -> UInt64 {
    let zeros = bits ^ Self.each(byte)
    return (zeros &- Self.each(1)) & ~zeros & Self.each(0x80)
  }

  /// Marks the bytes below `bound`, which is 0x80 at most.
  @inlinable public func marks(below bound: UInt8) -> UInt64 {
    (bits &- Self.each(bound)) & ~bits & Self.each(0x80)
  }

  /// The same, with these bits set in each byte.
  @inlinable func with(_ set: UInt8) -> EightBytes { EightBytes(bits | Self.each(set)) }

  /// Marks the bytes beyond ASCII.
  @inlinable public var marksBeyondASCII: UInt64 { bits & Self.each(0x80) }

  /// The same with ASCII capitals in lower case.
  @inlinable public var asciiLowercased: EightBytes {
    let low = bits & Self.each(0x7F)
    let capitals = Self.reach(low, 0x41) & ~Self.reach(low, 0x5B) & ~bits & Self.each(0x80)
    return EightBytes(bits | capitals >> 2)
  }

  /// Marks the bytes of `low`, none of them beyond ASCII, that are `bound` or more.
  @inlinable static func reach(_ low: UInt64, _ bound: UInt8) -> UInt64 {
    low &+ each(0x80 - bound)
  }
}

extension Span<UInt8> {
  /// The eight bytes from `i` on, which must lie in the span; behind its end there are zeros.
  @inlinable @inline(always) public func eightBytes(at i: Int) -> EightBytes {
    precondition(i >= 0 && i < count)
    let left = count - i
    // Safe: all that is read lies in the span, as each condition says.
    return unsafe withUnsafeBytes { bytes in
      if left >= 8 {
        return unsafe EightBytes(bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
      }
      if count >= 8 {
        let last = unsafe bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        return EightBytes(last >> UInt64(8 * (8 - left)))
      }
      var bits: UInt64 = 0
      for offset in (0..<left).reversed() { bits = unsafe bits << 8 | UInt64(bytes[i + offset]) }
      return EightBytes(bits)
    }
  }

  /// The place of the first byte at or after `start` that gets a mark, or the end.
  @inlinable @inline(always) public func firstPlace(
    from start: Int = 0, _ marks: (EightBytes) -> UInt64
  ) -> Int {
    var i = start
    while i < count {
      let found = marks(eightBytes(at: i))
      if found != 0 { return min(i &+ found.trailingZeroBitCount / 8, count) }
      i &+= 8
    }
    return count
  }
}

extension ByteBuffer {
  /// Appends the bytes from `start` on as far as none gets a mark. Returns the place of the first that does, or the end.
  @inlinable @inline(always) public mutating func append(
    _ bytes: Span<UInt8>, from start: Int, until marks: (EightBytes) -> UInt64
  ) -> Int {
    var i = start
    while i < bytes.count {
      let eight = bytes.eightBytes(at: i)
      let run = min(marks(eight).trailingZeroBitCount / 8, bytes.count &- i)
      append(eight, first: run)
      i &+= run
      if run < 8 { break }
    }
    return i
  }

  /// Appends `bytes` with ASCII capitals in lower case.
  public mutating func append(asciiLowercased bytes: Span<UInt8>) {
    var i = 0
    while i < bytes.count {
      append(bytes.eightBytes(at: i).asciiLowercased, first: min(8, bytes.count &- i))
      i &+= 8
    }
  }
}
