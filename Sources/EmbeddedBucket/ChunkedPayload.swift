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
  /// The lines of the trailing fields, of which there are ``Limits/trailerBytesMax`` bytes at most.
  private var trailer: [UInt8] = []

  /// Whether the last chunk and the trailing fields were there.
  var isOver: Bool { decoder.isOver }

  /// The value of the trailing field called `name`, which is in lower case; nil where there is none.
  func trailing(_ name: String) -> [UInt8]? {
    for line in trailer.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
      guard parts.count == 2, String(decoding: parts[0], as: UTF8.self).lowercased() == name
      else { continue }
      return Array(copying: Array(parts[1].dropLast()).span.trimmed)
    }
    return nil
  }

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
      let isTrailer = decoder.isInTrailer
      var decoder = self.decoder
      let step = isHeld ? decoder.next(line.bytes) : decoder.next(rest)
      self.decoder = decoder
      switch step {
      case .skip(let count):
        if isHeld {
          if isTrailer { trailer += Array(copying: line.bytes) }
          line.clear()
        } else {
          if isTrailer { trailer += Array(copying: rest.extracting(first: count)) }
          rest = rest.extracting(droppingFirst: count)
        }
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
