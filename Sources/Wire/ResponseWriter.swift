/// Writes one HTTP/1.1 response into a buffer that may already hold earlier ones (RFC 9112 §4).
///
/// The head is written first, the body straight behind it, and `Content-Length` last: room for as many digits as most have is
/// left in the head. So a body is written once, where it belongs or a few bytes beside it, and nobody has to know its length before.
public struct ResponseWriter: ~Copyable {
  /// The bytes of this response and of those before it that are not sent yet.
  public var buffer: ByteBuffer
  /// The status that was written, or nil as long as there is none.
  public private(set) var status: Status?
  /// What the request is called; written as `X-Request-Id`, unless it is empty.
  public var requestID = RequestID()
  /// Whether the connection is kept after this response; written as `Connection` where it is not the version's default.
  public let keepsAlive: Bool
  /// The `Date` of responses written now.
  public let date: HTTPDate

  private let version: RequestHead.Version
  /// Whether the request was a HEAD: the fields of a GET's answer, without its body.
  private let withoutBody: Bool
  /// The place in `buffer` where this response begins.
  private let start: Int
  /// The place behind the room for the digits of `Content-Length`, while a body is being written.
  private var bodyStart = 0
  private let pinned = Pinned()

  /// Digits that `Content-Length` has room for: as many as a slot's answer needs, which then is not moved.
  private static let lengthDigits = 3

  /// A writer that appends to `buffer`.
  public init(
    into buffer: consuming ByteBuffer, date: HTTPDate, version: RequestHead.Version,
    keepsAlive: Bool, withoutBody: Bool
  ) {
    start = buffer.count
    self.buffer = buffer
    self.date = date
    self.version = version
    self.keepsAlive = keepsAlive
    self.withoutBody = withoutBody
  }

  /// Takes the buffer back.
  public consuming func finish() -> ByteBuffer { buffer }

  /// Whether something of this response did not fit. It must be taken back by ``reset()`` then.
  public var overflowed: Bool { buffer.overflowed }

  /// Takes this response back, as if nothing of it had been written.
  public mutating func reset() {
    buffer.rollBack(to: start)
    status = nil
    bodyStart = 0
  }

  // MARK: - Head

  /// Writes the status line and the fields that every response has.
  public mutating func begin(_ status: Status) {
    self.status = status
    buffer.append("HTTP/1.1 ")
    buffer.append(decimal: UInt64(status.code))
    buffer.append(0x20)
    buffer.append(status.reason)
    buffer.append("\r\nDate: ")
    buffer.append(date.bytes)
    if !requestID.isEmpty {
      buffer.append("\r\nX-Request-Id: ")
      buffer.append(requestID.bytes)
    }
    if !keepsAlive {
      buffer.append("\r\nConnection: close")
    } else if version == .http10 {
      buffer.append("\r\nConnection: keep-alive")
    }
    buffer.append("\r\n")
  }

  /// Writes one field. `value` must be free of control characters: it comes from us or was checked.
  @inlinable public mutating func field(_ name: StaticString, _ value: StaticString) {
    field(name, value.bytes)
  }

  /// Writes one field. `value` must be free of control characters: it comes from us or was checked.
  @inlinable public mutating func field(_ name: StaticString, _ value: Span<UInt8>) {
    buffer.append(name)
    buffer.append(": ")
    buffer.append(value)
    buffer.append("\r\n")
  }

  /// Writes one field with a number as its value.
  @inlinable public mutating func field(_ name: StaticString, _ value: UInt64) {
    buffer.append(name)
    buffer.append(": ")
    buffer.append(decimal: value)
    buffer.append("\r\n")
  }

  // MARK: - Body

  /// Ends the head; what is appended to ``buffer`` from here to ``endBody()`` is the body.
  public mutating func beginBody() {
    buffer.append("Content-Length: 000\r\n\r\n")
    bodyStart = buffer.count
  }

  /// Ends the body and writes its length into the head.
  public mutating func endBody() {
    guard !buffer.overflowed else { return }
    let length = buffer.count - bodyStart
    if withoutBody { buffer.truncate(to: bodyStart) }
    var width = 1
    var rest = length / 10
    while rest > 0 {
      width += 1
      rest /= 10
    }
    // Behind the digits stand two line ends.
    let digitsStart = bodyStart - 4 - Self.lengthDigits
    if width != Self.lengthDigits {
      buffer.shift(from: digitsStart + Self.lengthDigits, by: width - Self.lengthDigits)
      guard !buffer.overflowed else { return }
    }
    rest = length
    var bytes = buffer.mutableBytes
    for place in (digitsStart..<digitsStart + width).reversed() {
      bytes[place] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  /// Ends a response that has no body.
  public mutating func endWithoutBody() {
    if let status, !status.forbidsBody { field("Content-Length", 0) }
    buffer.append("\r\n")
  }

  /// Ends the head of a response whose body of `count` bytes is sent from elsewhere; returns whether it has to be sent at all.
  public mutating func endHead(bodyCount: UInt64) -> Bool {
    field("Content-Length", bodyCount)
    buffer.append("\r\n")
    return !withoutBody && bodyCount > 0
  }
}
