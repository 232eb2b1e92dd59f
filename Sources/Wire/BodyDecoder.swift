/// Takes the framing off a request body, piece by piece: `Content-Length` or chunks (RFC 9112 §6, §7.1).
///
/// It is a state machine over whatever bytes are there. The caller shows it the bytes that it has not disposed of
/// and obeys the step that comes back, until ``Step/end``.
public struct BodyDecoder: Sendable {
  /// What to do with the front of the bytes that were shown.
  public enum Step: Equatable, Sendable {
    /// So many bytes at the front are framing: drop them and ask again.
    case skip(Int)
    /// So many bytes at the front are payload: take them and ask again.
    case payload(Int)
    /// Nothing can be said before more bytes come.
    case more
    /// The body is over; what follows belongs to the next request.
    case end
    /// This is no body. The connection cannot be used any further.
    case refused(Refusal)
  }

  private enum State: Equatable {
    /// Payload of this many bytes, then the end (`Content-Length`).
    case length(UInt64)
    /// The line with a chunk's size.
    case chunkLine
    /// Payload of this many bytes, then a line end.
    case chunk(UInt64)
    case chunkEnd
    /// Trailer lines up to an empty one; so many bytes of them went by.
    case trailer(Int)
    case over
  }

  private var state: State

  /// A decoder for a body that is delimited so.
  public init(_ framing: RequestHead.Framing) {
    switch framing {
    case .none: state = .over
    case .length(let count): state = count == 0 ? .over : .length(count)
    case .chunked: state = .chunkLine
    }
  }

  /// Whether the end has been reached.
  public var isOver: Bool { state == .over }

  /// Whether the next line is one of the trailer section, or the empty one behind it.
  public var isInTrailer: Bool {
    if case .trailer = state { true } else { false }
  }

  /// Payload bytes that are known to come still: of the whole body, or of the chunk that has begun.
  public var announced: UInt64 {
    switch state {
    case .length(let left), .chunk(let left): left
    default: 0
    }
  }

  /// Says what the front of `bytes` is.
  public mutating func next(_ bytes: Span<UInt8>) -> Step {
    switch state {
    case .over:
      return .end
    case .length(let left):
      guard !bytes.isEmpty else { return .more }
      let count = Int(min(left, UInt64(bytes.count)))
      state = left == UInt64(count) ? .over : .length(left - UInt64(count))
      return .payload(count)
    case .chunk(let left):
      guard !bytes.isEmpty else { return .more }
      let count = Int(min(left, UInt64(bytes.count)))
      state = left == UInt64(count) ? .chunkEnd : .chunk(left - UInt64(count))
      return .payload(count)
    case .chunkEnd:
      guard let first = bytes.isEmpty ? nil : bytes[0] else { return .more }
      guard first == .cr else { return .refused(.chunk) }
      guard bytes.count >= 2 else { return .more }
      guard bytes[1] == .lf else { return .refused(.chunk) }
      state = .chunkLine
      return .skip(2)
    case .chunkLine:
      return chunkLine(bytes)
    case .trailer(let seen):
      return trailerLine(bytes, seen)
    }
  }

  /// `1*HEXDIG [ chunk-ext ] CRLF`. Extensions are allowed by the grammar, mean nothing here and are bounded.
  private mutating func chunkLine(_ bytes: Span<UInt8>) -> Step {
    var size: UInt64 = 0
    var at = 0
    while at < bytes.count, let digit = bytes[at].hexDigitValue {
      guard size >> 60 == 0 else { return .refused(.chunk) }
      size = size << 4 | UInt64(digit)
      at += 1
      guard at <= Limits.chunkLineBytesMax else { return .refused(.chunk) }
    }
    guard at < bytes.count else { return .more }
    guard at > 0 else { return .refused(.chunk) }
    if bytes[at] != .cr {
      // White space before an extension is the one laxness that the grammar forces on readers (RFC 9112 §7.1.1).
      while at < bytes.count, bytes[at] == .space || bytes[at] == .tab { at += 1 }
      guard at == bytes.count || bytes[at] == UInt8(ascii: ";") else { return .refused(.chunk) }
      at = bytes.endOfFieldValue(from: at)
      guard at <= Limits.chunkLineBytesMax else { return .refused(.chunk) }
      guard at < bytes.count else { return .more }
    }
    guard bytes[at] == .cr else { return .refused(.chunk) }
    guard at + 1 < bytes.count else { return .more }
    guard bytes[at + 1] == .lf else { return .refused(.chunk) }
    state = size == 0 ? .trailer(0) : .chunk(size)
    return .skip(at + 2)
  }

  /// One line of the trailer section; it is checked like a field and dropped, because no field that slotd obeys may come so late.
  private mutating func trailerLine(_ bytes: Span<UInt8>, _ seen: Int) -> Step {
    var at = 0
    while at < bytes.count, bytes[at].isTokenCharacter { at += 1 }
    let nameEnd = at
    if nameEnd > 0, at < bytes.count {
      guard bytes[at] == UInt8(ascii: ":") else { return .refused(.trailer) }
      at += 1
      at = bytes.endOfFieldValue(from: at)
    }
    guard seen + at <= Limits.trailerBytesMax else { return .refused(.trailer) }
    guard at < bytes.count else { return .more }
    guard bytes[at] == .cr else { return .refused(.trailer) }
    guard at + 1 < bytes.count else { return .more }
    guard bytes[at + 1] == .lf else { return .refused(.trailer) }
    state = nameEnd == 0 ? .over : .trailer(seen + at + 2)
    return .skip(at + 2)
  }
}
