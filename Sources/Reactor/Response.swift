public import Wire

/// The answer to one request: its head and a short body in ``writer``, or a long body from elsewhere in ``tail``.
public struct Response: ~Copyable {
  /// Writes the head, and the body where it is short.
  public var writer: ResponseWriter
  /// Where the rest of the body comes from.
  public internal(set) var tail = Tail.none

  init(_ writer: consuming ResponseWriter) { self.writer = writer }

  /// A body that is sent piece by piece, as the client takes it.
  public enum Tail: ~Copyable {
    /// No more.
    case none
    /// These bytes from the given place on.
    case bytes([UInt8], from: Int)
    /// So many bytes of a file from `offset` on.
    case file(Descriptor, offset: Int64, count: UInt64)
  }

  /// Writes a whole short response, `body` included, with one more `field` where one is needed.
  public mutating func short(
    _ status: Status, type: StaticString, field: (StaticString, StaticString)? = nil,
    _ body: (inout ByteBuffer) -> Void
  ) {
    writer.begin(status)
    writer.field("Content-Type", type)
    if let field { writer.field(field.0, field.1) }
    writer.beginBody()
    body(&writer.buffer)
    writer.endBody()
  }

  /// Writes a problem document (RFC 9457). `kind` is the last part of its stable type, `urn:slotd:problem:<kind>`; without one the
  /// status says it all.
  public mutating func problem(
    _ status: Status, kind: StaticString?, detail: StaticString,
    field: (StaticString, StaticString)? = nil
  ) {
    short(status, type: "application/problem+json", field: field) { body in
      body.append("{\"type\":\"")
      if let kind {
        body.append("urn:slotd:problem:")
        body.append(kind)
      } else {
        body.append("about:blank")
      }
      body.append("\",\"title\":\"")
      body.append(status.reason)
      body.append("\",\"status\":")
      body.append(decimal: UInt64(status.code))
      body.append(",\"detail\":\"")
      body.append(json: detail.bytes)
      body.append("\"}\n")
    }
  }

  /// Ends the head of a response whose body is an array, which may be of any size.
  public mutating func endHead(body: [UInt8]) {
    if writer.endHead(bodyCount: UInt64(body.count)) { tail = .bytes(body, from: 0) }
  }

  /// Ends the head of a response whose body is `count` bytes of a file from `offset` on.
  public mutating func endHead(file: consuming Descriptor, offset: Int64, count: UInt64) {
    if writer.endHead(bodyCount: count) { tail = .file(file, offset: offset, count: count) }
  }

  /// Takes the answer back.
  mutating func reset() {
    writer.reset()
    tail = .none
  }
}
