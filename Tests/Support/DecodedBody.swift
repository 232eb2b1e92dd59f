public import Wire

/// What a decoder made of a body.
public struct DecodedBody: Equatable, Sendable {
  /// The payload, one character a byte.
  public var payload: String
  /// The last step: the end, a refusal, or that more is needed.
  public var end: BodyDecoder.Step
  /// Bytes that it did not use.
  public var left: Int

  /// These findings.
  public init(payload: String, end: BodyDecoder.Step, left: Int) {
    self.payload = payload
    self.end = end
    self.left = left
  }

  /// What a decoder makes of `body`, one byte a character, in pieces of `size` bytes.
  public init(_ framing: RequestHead.Framing, _ body: String, by size: Int = .max) {
    self.init(framing, bytes(body), by: size)
  }

  /// What a decoder makes of `body` in pieces of `size` bytes.
  public init(_ framing: RequestHead.Framing, _ body: [UInt8], by size: Int) {
    var decoder = BodyDecoder(framing)
    var start = 0
    var end = 0
    payload = ""
    while true {
      let step = decoder.next(body.span.extracting(start..<end))
      switch step {
      case .skip(let count): start += count
      case .payload(let count):
        payload.unicodeScalars += body[start..<(start + count)].map { Unicode.Scalar($0) }
        start += count
      case .more where end < body.count: end += min(size, body.count - end)
      case .more, .end, .refused:
        self.end = step
        left = body.count - start
        return
      }
    }
  }
}
