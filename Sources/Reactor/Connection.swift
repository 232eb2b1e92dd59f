internal import Wire

/// One client's connection: what has been read and not understood, what has been written and not sent, and how far the
/// request at the front has come.
struct Connection: ~Copyable {
  /// How far the request at the front of ``input`` has come.
  enum Phase {
    /// Its head is not whole, which is known of the first `seen` bytes.
    case head(seen: Int)
    /// Its head, of so many bytes, is at the front, with so many bytes of its body behind it; no more than `bytesMax` are wanted.
    case wholeBody(BodyDecoder, headBytes: Int, bodyBytes: Int, bytesMax: Int)
    /// Its body goes to a sink.
    case stream(BodyDecoder, BodySink)
    /// The sink has the whole body, or had enough of it, and has not answered yet; the rest may come in spite of that.
    case finishing(BodySink, restMayCome: Bool)
    /// The last answer of the connection has been written; more may come from the client in spite of it.
    case closing(moreMayCome: Bool)
    /// The last answer has been sent. What the client still sends is dropped for a while.
    case lingering

    var isHead: Bool {
      if case .head = self { true } else { false }
    }

    /// Whether a body is on its way.
    var isBody: Bool {
      switch self {
      case .wholeBody, .stream: true
      case .head, .finishing, .closing, .lingering: false
      }
    }
  }

  let descriptor: Descriptor
  /// Number of the service that the connection's listener belongs to.
  let service: Int
  var phase = Phase.head(seen: 0)

  var input: ByteBuffer?
  var output: ByteBuffer?
  var tail = Response.Tail.none

  /// What the request under way said about its connection; kept for an answer that comes later than its head.
  var version = RequestHead.Version.http11
  var keepsAlive = true
  var withoutBody = false

  /// Whether there was a request yet.
  var hasAsked = false

  /// Whether the socket may have bytes, and room for some: edge-triggered, so true until a call says otherwise.
  var readable = true
  var writable = true
  /// Whether the kernel said that the client will send no more; what it sent before is still to be read.
  var ended = false
  /// Whether the sink asked for time, and no wake has come for it since.
  var stalled = false
  /// Bytes that were read or sent since the deadline was armed.
  var progress = 0
  /// Whether an answer was written since then, so that what is waited for now is something else.
  var answered = false
  private let pinned = Pinned()

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

  /// Whether it can end without anybody noticing when the worker drains. One that has not asked yet is about to: clients
  /// connect to ask at once, and send again only what they sent on a connection that had been idle.
  var canEnd: Bool { isIdle && hasAsked }

  var hasOutput: Bool { output != nil || !tail.isNone }

  /// Tells the sink, if there is one, that its answer will not be needed.
  func abandon() {
    switch phase {
    case .stream(_, let sink), .finishing(let sink, _): sink.abandon()
    case .head, .wholeBody, .closing, .lingering: break
    }
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
