public import Wire

extension Span<UInt8> {
  /// These bytes as a string, for comparison in tests; a byte that is not UTF-8 shows as U+FFFD.
  public var text: String { String(copying: self) }
}

/// What `write` leaves in a buffer of `capacity` bytes, as a string, or nil when it did not fit.
public func written(capacity: Int = 65_536, _ write: (inout ByteBuffer) -> Void) -> String? {
  var buffer = ByteBuffer(capacity: capacity)
  write(&buffer)
  return buffer.overflowed ? nil : buffer.bytes.text
}
