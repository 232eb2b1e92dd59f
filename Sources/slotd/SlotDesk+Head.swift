import Slots
import Wire

/// What a request says about itself: who asks, and in which form the answer is wanted.
extension SlotDesk {
  /// Whether the caller may use `route`: it needs no token, or has one that is known.
  mutating func admits(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ route: Route, _ pathToken: Span<UInt8>
  ) -> Bool {
    guard route.needsToken, !snapshot.tokens.isEmpty else { return true }
    if route == .ejabberd { return snapshot.tokens.admit(path: pathToken, &grantor.scratch) }
    guard let field = head.firstValue("authorization", in: bytes) else { return false }
    return snapshot.tokens.admit(bytes[field], &grantor.scratch)
  }

  /// The dialect that a request is answered in.
  func dialect(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ route: Route
  ) -> Dialect {
    if route == .ejabberd || (route == .slot && head.method != .post) { return .lines }
    guard let field = head.firstValue("accept", in: bytes) else { return .json }
    return Accept.prefersXML(bytes[field]) ? .xml : .json
  }

  /// Whether the body is JSON, or of a type that was not named.
  func acceptsJSON(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) -> Bool {
    guard let field = head.firstValue("content-type", in: bytes) else { return true }
    let type = bytes[field]
    let end = type.firstIndex(of: UInt8(ascii: ";")) ?? type.count
    return type.extracting(first: end).trimmed.equalsIgnoringCase("application/json")
  }
}
