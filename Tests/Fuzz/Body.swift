import TestSupport
import Wire

/// Chunked bodies: however the bytes arrive, the payload, the end and what is left are the same.
@c(LLVMFuzzerTestOneInput)
public func fuzzBody(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  guard count > 0 else { return 0 }
  let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  let body = Array(bytes.dropFirst())
  let whole = DecodedBody(.chunked, body, by: max(body.count, 1))
  let pieces = DecodedBody(.chunked, body, by: Int(bytes[0]) % 32 + 1)
  guard pieces.end == whole.end, pieces.payload == whole.payload,
    whole.end != .end || pieces.left == whole.left
  else { fatalError("\(whole) in one piece, \(pieces) in pieces") }
  return 0
}
