/// A fixed piece of memory that bytes are appended to at its end and taken from at its front.
///
/// It is what a connection reads into and what an answer is written into. It never grows: an append that does not fit
/// changes nothing but sets ``overflowed``, which the writer looks at once, at the end, instead of after each piece.
@safe
public struct ByteBuffer: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<UInt8>
  /// Bytes this buffer can hold in all.
  public let capacity: Int
  /// The place of the first byte that has not been taken.
  @usableFromInline var start = 0
  /// The place behind the last byte.
  @usableFromInline var end = 0
  /// Whether an append did not fit since the buffer was last cleared.
  public private(set) var overflowed = false

  /// Allocates `capacity` bytes. Memory that is never written costs address space only.
  public init(capacity: Int) {
    precondition(capacity > 0)
    // Safe: this value alone holds the pointer, it is freed once in `deinit`, and every access goes through a span
    // whose bounds come from `start`, `end` and `capacity`, which only the methods below change.
    unsafe base = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { unsafe base.deallocate() }

  /// Bytes that can be taken.
  @inlinable public var count: Int { end - start }
  /// Whether there is nothing to take.
  @inlinable public var isEmpty: Bool { end == start }
  /// Bytes that still fit at the end.
  @inlinable public var room: Int { capacity - end }

  /// The bytes that can be taken.
  @inlinable public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span(_unsafeStart: base + start, count: end - start)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The bytes that can be taken, to be changed in place.
  @inlinable public var mutableBytes: MutableSpan<UInt8> {
    @_lifetime(&self)
    mutating get {
      let span = unsafe MutableSpan(_unsafeStart: base + start, count: end - start)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  /// Lets `fill` write into the room at the end; the count that it returns becomes part of the bytes.
  ///
  /// A count that is negative (an error number of a system call) or zero adds nothing. Returns what `fill` returned.
  @inlinable public mutating func fillRoom(_ fill: (inout MutableSpan<UInt8>) -> Int) -> Int {
    var span = unsafe MutableSpan(_unsafeStart: base + end, count: capacity - end)
    let filled = fill(&span)
    if filled > 0 { end += min(filled, capacity - end) }
    return filled
  }

  /// Forgets the first `count` bytes.
  @inlinable public mutating func take(_ count: Int) {
    precondition(count >= 0 && count <= end - start)
    start += count
    if start == end { clear() }
  }

  /// Overwrites the first `count` bytes with zeros and forgets them.
  public mutating func erase(_ count: Int) {
    precondition(count >= 0 && count <= end - start)
    // Safe: they lie inside the bytes, as was just checked.
    unsafe (base + start).update(repeating: 0, count: count)
    take(count)
  }

  /// Forgets everything.
  public mutating func clear() {
    start = 0
    end = 0
    overflowed = false
  }

  /// Moves the bytes to the front, so that all free room is at the end.
  public mutating func compact() {
    guard start > 0 else { return }
    // Safe: both runs lie inside the allocation; `update` allows them to overlap.
    unsafe base.update(from: base + start, count: end - start)
    end -= start
    start = 0
  }

  /// Forgets the bytes from offset `count` on.
  public mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count)
    end = start + count
  }

  /// Forgets the bytes from offset `count` on, and that any append after them did not fit. For whoever saw to it at `count` that all
  /// had fitted.
  public mutating func rollBack(to count: Int) {
    truncate(to: count)
    overflowed = false
  }

  /// Copies `count` bytes from offset `source` to offset `target`, both inside the bytes.
  public mutating func move(_ source: Int, _ count: Int, to target: Int) {
    precondition(source >= 0 && target >= 0 && count >= 0)
    precondition(source <= self.count - count && target <= self.count - count)
    // Safe: both runs lie inside the bytes; `update` allows them to overlap.
    unsafe (base + start + target).update(from: base + start + source, count: count)
  }

  /// Moves the bytes from offset `source` on by `distance`: to the front, over what lay there, or to the end, which leaves a gap.
  public mutating func shift(from source: Int, by distance: Int) {
    precondition(source >= 0 && source <= count && source + distance >= 0)
    guard distance <= room else { return overflow() }
    // Safe: both runs lie inside the allocation; `update` allows them to overlap.
    let first = unsafe base + start + source
    unsafe (first + distance).update(from: first, count: count - source)
    end += distance
  }

  /// Says that something did not fit.
  public mutating func overflow() { overflowed = true }
}

// MARK: - Appending

extension ByteBuffer {
  /// Appends one byte.
  @inlinable public mutating func append(_ byte: UInt8) {
    guard end < capacity else { return overflow() }
    unsafe base[end] = byte
    end += 1
  }

  /// Appends a copy of `bytes`.
  ///
  /// Always inlined: that takes a twentieth off a presigned URL, and makes a few moves of a literal, whose length is known.
  @inlinable @inline(always) public mutating func append(_ bytes: Span<UInt8>) {
    guard bytes.count <= capacity - end else { return overflow() }
    // Safe: the room was just checked, and exclusive access keeps `bytes` from pointing into this buffer.
    // The standard library has no bulk copy between spans yet; byte by byte a presigned URL took half as long again.
    let target = unsafe base + end
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      unsafe target.update(from: first, count: source.count)
    }
    end += bytes.count
  }

  /// Appends the first `count` of eight bytes.
  @inlinable @inline(always) mutating func append(_ eight: EightBytes, first count: Int) {
    guard room >= 8 else {
      for i in 0..<count { append(UInt8(truncatingIfNeeded: eight.bits >> UInt64(8 * i))) }
      return
    }
    // Safe: there is room for all eight, as was just checked; the next append overwrites those that do not count.
    unsafe UnsafeMutableRawPointer(base + end).storeBytes(of: eight.bits, as: UInt64.self)
    end += count
  }

  /// Appends the bytes of a literal.
  @inlinable @inline(always) public mutating func append(_ text: StaticString) {
    append(text.bytes)
  }

  /// Appends the bytes of a string. For cold places: a string that is not native UTF-8 is converted first.
  ///
  /// It has a name of its own, so that a literal is never taken for a `String`, whose bytes cost a call into the runtime.
  public mutating func append(string text: String) {
    append(text.utf8.span)
  }

  /// Appends `value` in decimal.
  public mutating func append(decimal value: UInt64) {
    var digits: [20 of UInt8] = .init(repeating: 0)
    var first = 20
    var rest = value
    repeat {
      first -= 1
      digits[first] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    append(digits.span.extracting(first..<20))
  }

  /// Appends `value` in decimal with exactly `width` digits, the lowest ones.
  @inlinable public mutating func append(decimal value: Int, width: Int) {
    var divisor = 1
    for _ in 1..<max(width, 1) { divisor *= 10 }
    while divisor > 0 {
      append(0x30 &+ UInt8(truncatingIfNeeded: (value / divisor) % 10))
      divisor /= 10
    }
  }

  /// Appends each byte as two lower-case hexadecimal digits.
  @inlinable public mutating func append(hex bytes: Span<UInt8>) {
    guard bytes.count <= (capacity - end) / 2 else { return overflow() }
    // Safe: the room for two digits a byte was just checked, and no byte beyond `count` is read.
    let target = unsafe UnsafeMutableRawPointer(base + end)
    unsafe bytes.withUnsafeBytes { source in
      var i = 0
      // A presigned URL takes the digits of three hashes; four bytes at a time are twice as fast as one.
      while i + 4 <= source.count {
        let four = unsafe source.loadUnaligned(fromByteOffset: i, as: UInt32.self)
        unsafe target.storeBytes(of: four.lowerHexDigits, toByteOffset: 2 * i, as: UInt64.self)
        i += 4
      }
      while i < source.count {
        let two = UInt16(truncatingIfNeeded: unsafe UInt32(source[i]).lowerHexDigits)
        unsafe target.storeBytes(of: two, toByteOffset: 2 * i, as: UInt16.self)
        i += 1
      }
    }
    end += 2 * bytes.count
  }
}

extension UInt32 {
  /// The hexadecimal digits of these four bytes, the first of the lowest byte in the lowest byte.
  @inlinable var lowerHexDigits: UInt64 {
    let each: UInt64 = 0x0101_0101_0101_0101
    let pairs = (UInt64(self) | UInt64(self) << 16) & 0x0000_FFFF_0000_FFFF
    let bytes = (pairs | pairs << 8) & 0x00FF_00FF_00FF_00FF
    let nibbles = (bytes >> 4 | bytes << 8) & (each &* 15)
    let letters = (nibbles &+ each &* 6) >> 4 & each
    return nibbles &+ each &* 0x30 &+ letters &* 39
  }
}

// Sendable, because the memory has one owner: it moves with the value, and changing it takes exclusive access to the value.
extension ByteBuffer: @unchecked Sendable {}
