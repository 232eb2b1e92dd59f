import TestSupport
import Wire

@testable import EmbeddedBucket

/// Chunked bodies, HTTP's and S3's: however the bytes arrive, the payload, the end and what is left are the same.
func fuzzBody(_ bytes: [UInt8]) {
  guard let first = bytes.first else { return }
  let body = Array(bytes.dropFirst())
  let size = Int(first) % 32 + 1
  let whole = DecodedBody(.chunked, body, by: max(body.count, 1))
  let pieces = DecodedBody(.chunked, body, by: size)
  require(
    pieces.end == whole.end && pieces.payload == whole.payload
      && (whole.end != .end || pieces.left == whole.left),
    "\(whole) in one piece, \(pieces) in pieces")
  let (coded, inPieces) = (Uncoded(body, by: max(body.count, 1)), Uncoded(body, by: size))
  require(inPieces == coded, "\(coded) in one piece, \(inPieces) in pieces")
}

/// What taking S3's coding off a body leaves.
private struct Uncoded: Equatable {
  var payload: [UInt8] = []
  var isGood = true
  var isOver = false
  var checksum: [UInt8]?

  init(_ body: [UInt8], by size: Int) {
    var coding = ChunkedPayload()
    for start in stride(from: 0, to: body.count, by: size) where isGood {
      let piece = body.span.extracting(start..<min(start + size, body.count))
      isGood = coding.decode(piece) { bytes in
        for i in bytes.indices { payload.append(bytes[i]) }
      }
    }
    isOver = coding.isOver
    // What is refused is of no use, however much of it was read.
    checksum = isGood && isOver ? coding.trailing("x-checksum") : nil
  }
}
