internal import Wire

/// One client's connection: what has been read and not understood, what has been written and not sent, and how far the
/// request at the front has come.
struct Connection: ~Copyable {
  /// How far the request at the front of ``input`` has come.
  enum Phase {
    /// Its head is not whole.
    case head
    /// Its head, of so many bytes, is at the front, with so many bytes of its body behind it; no more than `bytesMax` are wanted.
    case wholeBody(BodyDecoder, headBytes: Int, bodyBytes: Int, bytesMax: Int)
    /// Its body goes to ``sink``.
    case stream(BodyDecoder)
    /// Its sink has the whole body, or had enough of it, and has not answered yet.
    case finishing
    /// The last answer of the connection has been written. What the client still sends is dropped for a while, because
    /// closing with unread bytes makes the kernel throw the answer away as well.
    case closing(drops: Bool)
    case lingering

    var isHead: Bool {
      if case .head = self { true } else { false }
    }
  }

  let descriptor: Descriptor
  /// Number of the service that the connection's listener belongs to.
  let service: Int
  var phase = Phase.head

  var input: ByteBuffer?
  var output: ByteBuffer?
  var tail = Response.Tail.none
  var sink: BodySink?

  /// What the request under way said about its connection; kept for an answer that comes later than its head.
  var version = RequestHead.Version.http11
  var keepsAlive = true
  var withoutBody = false

  /// Whether the socket may have bytes, and room for some: edge-triggered, so true until a call says otherwise.
  var readable = true
  var writable = true
  /// Whether the kernel said that the client will send no more; what it sent before is still to be read.
  var ended = false
  /// Whether a wake came for the sink that it has not been told of.
  var woken = false
  /// Bytes since the deadline was armed, of a streamed body or of an answer.
  var progress = 0

  init(_ descriptor: consuming Descriptor, service: Int) {
    self.descriptor = descriptor
    self.service = service
  }

  /// Whether nothing is under way: no request, no part of one, and no answer.
  var isIdle: Bool { phase.isHead && unread == 0 && !hasOutput }

  /// Bytes that were read and not used yet.
  var unread: Int {
    switch input {
    case .some(let input): input.count
    case .none: 0
    }
  }

  var hasOutput: Bool { output != nil || !tail.isNone }

  /// Tells the sink, if there is one, that its answer will not be needed.
  mutating func abandon() {
    sink?.abandon()
    sink = nil
  }
}

extension Response.Tail {
  var isNone: Bool {
    switch self {
    case .none: true
    default: false
    }
  }
}
