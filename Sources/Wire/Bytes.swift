extension Span<UInt8> {
  /// Whether both hold the same bytes. Not for secrets: it stops at the first difference.
  @inlinable public func equals(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    var i = 0
    while i + 8 <= count {
      guard eightBytes(at: i) == other.eightBytes(at: i) else { return false }
      i += 8
    }
    while i < count {
      guard self[i] == other[i] else { return false }
      i += 1
    }
    return true
  }

  /// Whether these bytes spell `text`.
  @inlinable @inline(always) public func equals(_ text: StaticString) -> Bool {
    // The length decides most comparisons before they begin.
    count == text.utf8CodeUnitCount && equals(text.bytes)
  }

  /// Whether these bytes spell `text`, where ASCII case does not matter; `text` must be in lower case.
  @inlinable public func equalsIgnoringCase(_ text: StaticString) -> Bool {
    let other = text.bytes
    guard count == other.count else { return false }
    for i in indices where self[i].asciiLowercased != other[i] { return false }
    return true
  }

  /// Whether these bytes begin with `text`.
  @inlinable public func starts(with text: StaticString) -> Bool {
    let other = text.bytes
    return count >= other.count && extracting(first: other.count).equals(other)
  }

  /// The place of the first `byte` at or after `start`, or nil.
  @inlinable public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    let place = firstPlace(from: start) { $0.marks(of: byte) }
    return place < count ? place : nil
  }
}

extension StaticString {
  /// The bytes of the literal.
  @inlinable public var bytes: Span<UInt8> {
    @_lifetime(immortal)
    get {
      // Safe: a literal's bytes live as long as the program, so no owner has to be kept.
      let span = unsafe Span(_unsafeStart: utf8Start, count: utf8CodeUnitCount)
      return unsafe _overrideLifetime(span, copying: ())
    }
  }
}

extension String {
  /// A copy of `bytes`, for cold places; what is not UTF-8 becomes U+FFFD.
  public init(copying bytes: Span<UInt8>) {
    // Safe: the pointer is used for the copy only.
    self = unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }
}

extension UInt8 {
  /// This byte in lower case where it is an ASCII capital, else itself.
  @inlinable public var asciiLowercased: UInt8 {
    self &- 0x41 < 26 ? self | 0x20 : self
  }

  /// The value of this byte as a hexadecimal digit of either case, or nil.
  @inlinable public var hexDigitValue: UInt8? {
    if self &- 0x30 < 10 { return self &- 0x30 }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }

  /// Whether this byte is `0` to `9`.
  @inlinable public var isDigit: Bool { self &- 0x30 < 10 }
}
