/// What the fields that the connection itself obeys have said so far: Host, Content-Length, Transfer-Encoding, Connection, Expect.
struct FieldSemantics {
  var hostSeen = false
  var contentLength: UInt64?
  var chunked = false
  /// Whether a transfer coding was named that is not known here.
  var codingUnknown = false
  var close = false
  var keepAlive = false
  var expectsContinue = false

  /// Takes one more field into account; returns why it cannot be, if so.
  mutating func note(
    _ field: RequestHead.Field, _ bytes: Span<UInt8>, _ head: inout RequestHead
  ) -> Refusal? {
    let name = bytes[field.name]
    let value = bytes[field.value]
    // The length decides most comparisons before they begin.
    switch name.count {
    case 4 where name.equalsIgnoringCase("host"):
      guard !hostSeen else { return .hostRepeated }
      guard value.isAuthority else { return .hostInvalid }
      hostSeen = true
      // An absolute target says where to; the Host field then has no say (RFC 9112 §3.2.2).
      if head.authority.isEmpty { head.authority = field.value }
    case 6 where name.equalsIgnoringCase("expect"):
      // A 1.0 client's expectation is ignored (RFC 9110 §10.1.1); it is not known to be one before the end.
      guard value.equalsIgnoringCase("100-continue") || head.version == .http10 else {
        return .expectation
      }
      expectsContinue = true
    case 10 where name.equalsIgnoringCase("connection"):
      noteConnection(value)
    case 14 where name.equalsIgnoringCase("content-length"):
      guard contentLength == nil else { return .contentLengthRepeated }
      guard let length = UInt64(decimal: value) else { return .contentLength }
      contentLength = length
    case 17 where name.equalsIgnoringCase("transfer-encoding"):
      return noteTransferEncoding(value)
    default:
      break
    }
    return nil
  }

  /// The codings of a Transfer-Encoding field, a list in the order in which they were applied (RFC 9112 §6.1).
  ///
  /// Nothing may follow `chunked`, or nobody can tell where the body ends; a coding before it that is not known here is not
  /// implemented.
  private mutating func noteTransferEncoding(_ value: Span<UInt8>) -> Refusal? {
    var start = 0
    repeat {
      let end = value.firstIndex(of: UInt8(ascii: ","), from: start) ?? value.count
      let coding = value.extracting(start..<end).trimmed
      guard !chunked, !coding.isEmpty, coding[0].isTokenCharacter else { return .transferEncoding }
      if coding.equalsIgnoringCase("chunked") {
        chunked = true
      } else {
        codingUnknown = true
      }
      start = end + 1
    } while start <= value.count
    return nil
  }

  /// The options of a Connection field, a list (RFC 9110 §7.6.1).
  private mutating func noteConnection(_ value: Span<UInt8>) {
    var start = 0
    while start < value.count {
      let end = value.firstIndex(of: UInt8(ascii: ","), from: start) ?? value.count
      let option = value.extracting(start..<end).trimmed
      if option.equalsIgnoringCase("close") { close = true }
      if option.equalsIgnoringCase("keep-alive") { keepAlive = true }
      start = end + 1
    }
  }
}

extension UInt64 {
  /// Reads one decimal number: digits only, at least one, without overflow.
  public init?(decimal digits: Span<UInt8>) {
    guard !digits.isEmpty else { return nil }
    var value: UInt64 = 0
    for i in digits.indices {
      guard digits[i].isDigit else { return nil }
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, carry) = shifted.addingReportingOverflow(UInt64(digits[i] &- 0x30))
      guard !overflow, !carry else { return nil }
      value = next
    }
    self = value
  }
}
