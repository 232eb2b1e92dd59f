import TestSupport
import Wire

/// Chunked bodies: however the bytes arrive, the payload, the end and what is left are the same.
func fuzzBody(_ bytes: [UInt8]) {
  guard let first = bytes.first else { return }
  let body = Array(bytes.dropFirst())
  let whole = DecodedBody(.chunked, body, by: max(body.count, 1))
  let pieces = DecodedBody(.chunked, body, by: Int(first) % 32 + 1)
  require(
    pieces.end == whole.end && pieces.payload == whole.payload
      && (whole.end != .end || pieces.left == whole.left),
    "\(whole) in one piece, \(pieces) in pieces")
}
