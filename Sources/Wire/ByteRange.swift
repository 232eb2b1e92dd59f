/// A run of bytes inside a buffer, by place and not by content: what a parser hands out instead of copies.
///
/// Offsets count from the first byte of the buffer that was parsed. 32 bits are enough, because no buffer that is
/// parsed is larger than ``Limits/requestBytesMax``.
public struct ByteRange: Equatable, Sendable {
  /// The place of the first byte.
  public var lower: UInt32
  /// The place behind the last byte.
  public var upper: UInt32

  /// The bytes from `lower` up to, but not with, `upper`.
  @inlinable public init(_ lower: Int, _ upper: Int) {
    self.lower = UInt32(truncatingIfNeeded: lower)
    self.upper = UInt32(truncatingIfNeeded: upper)
  }

  /// The range of nothing.
  @inlinable public init() {
    lower = 0
    upper = 0
  }

  /// Bytes in the range.
  @inlinable public var count: Int { Int(upper) - Int(lower) }
  /// Whether the range holds nothing.
  @inlinable public var isEmpty: Bool { lower == upper }
}

extension Span<UInt8> {
  /// The bytes of `range`. A range beyond the span is a mistake of ours and stops the process.
  @inlinable public subscript(_ range: ByteRange) -> Span<UInt8> {
    @_lifetime(copy self)
    get { extracting(Int(range.lower)..<Int(range.upper)) }
  }
}
