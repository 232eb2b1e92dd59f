/// A point in time as HTTP's `Date` field writes it (RFC 9110 §5.6.7): always 29 bytes, so it is kept and copied, not formatted for
/// each response.
public struct HTTPDate: Sendable {
  private var text = [29 of UInt8](repeating: 0x20)

  /// A date that is not set yet.
  public init() {}

  /// The date of so many seconds since the beginning of 1970 in UTC; `scratch` is used and left empty.
  public init(unixSeconds: Int64, scratch: inout ByteBuffer) {
    scratch.clear()
    scratch.append(imfFixdate: CivilTime(unixSeconds: unixSeconds))
    for i in 0..<min(scratch.count, text.count) { text[i] = scratch.bytes[i] }
    scratch.clear()
  }

  /// The text, `Sat, 21 Nov 2026 10:11:12 GMT`.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.span }
  }
}
