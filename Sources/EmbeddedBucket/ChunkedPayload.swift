internal import Wire

/// Takes the coding `aws-chunked` off a body: chunks inside the body, each with a signature of its own or not, then trailing fields
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html).
///
/// The grammar is that of HTTP's own chunks, and so is the decoder. The signatures of the chunks are passed over: the head's is
/// verified, and what it cannot vouch for is the content, as with `UNSIGNED-PAYLOAD`.
struct ChunkedPayload: ~Copyable {
  private var decoder = BodyDecoder(.chunked)
  /// A line that is not whole yet.
  private var line = ByteBuffer(capacity: Limits.trailerBytesMax + 2)

  /// Whether the last chunk and the trailing fields were there.
  var isOver: Bool { decoder.isOver }

  /// Takes the framing off the next piece of the body; what is payload goes to `take`. Returns false where it is no such coding.
  mutating func decode(_ bytes: Span<UInt8>, _ take: (Span<UInt8>) -> Void) -> Bool {
    var rest = bytes
    while true {
      if !line.isEmpty {
        // Lines are short: one byte more, and then perhaps it is whole.
        guard !rest.isEmpty else { return true }
        line.append(rest[0])
        rest = rest.extracting(droppingFirst: 1)
      }
      let isHeld = !line.isEmpty
      var decoder = self.decoder
      let step = isHeld ? decoder.next(line.bytes) : decoder.next(rest)
      self.decoder = decoder
      switch step {
      case .skip(let count):
        if isHeld { line.clear() } else { rest = rest.extracting(droppingFirst: count) }
      case .payload(let count):
        take(rest.extracting(first: count))
        rest = rest.extracting(droppingFirst: count)
      case .more:
        if isHeld { continue }
        line.append(rest)
        return !line.overflowed
      case .end: return rest.isEmpty
      case .refused: return false
      }
    }
  }
}
