public import Wire

/// What a listener serves: decides about requests and writes their answers. Each worker has one of its own, made and used on its thread.
///
/// The bytes of a request are lent for the time of a call. Nothing here may wait; what has to is a ``BodySink`` that another
/// thread wakes.
open class Service {
  /// A service.
  public init() {}

  /// Called at the top of each turn of the worker's loop, and before a connection begins: the place to pick up a newer configuration.
  open func turn() {}

  /// Called when a connection to one of the service's listeners begins.
  open func connectionBegan() {}

  /// Called when such a connection ends.
  open func connectionEnded() {}

  /// Called when a request head is there: answers it, or says what is to happen with its body.
  ///
  /// An answer that is written here while the body has not come ends the connection.
  open func begin(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ response: inout Response
  ) -> Intent {
    refuse(.bodyTooLarge, &response)
    return .answered
  }

  /// Called when the body is there of a request that wanted it whole, at `body` in `bytes`: answers it.
  open func answer(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, body: ByteRange,
    _ response: inout Response
  ) {}

  /// Answers what is no request; the connection ends afterwards. The default is a problem document (RFC 9457).
  open func refuse(_ refusal: Refusal, _ response: inout Response) {
    response.problem(refusal.status, kind: nil, detail: refusal.sentence)
  }
}

/// What is to happen with a request.
public enum Intent {
  /// It has been answered.
  case answered
  /// Its body is wanted whole, up to so many bytes, which must not exceed ``Limits/wholeBodyBytesMax``.
  case wholeBody(bytesMax: Int)
  /// Its body goes to this sink as it comes, and the sink answers.
  case stream(BodySink)
}

/// Takes a request body as it arrives, and answers when it is over. Also the way to answer later than at once: a request without a
/// body is over at its beginning.
///
/// All calls but ``waker``'s come on the worker's thread.
open class BodySink {
  /// Wakes the connection from any thread, after ``receive(_:)`` or ``finish(_:)`` said that there is something to wait for.
  public internal(set) var waker = Waker()

  /// A sink.
  public init() {}

  /// What a sink says to more of the body.
  public enum Appetite: Sendable {
    /// More, please.
    case more
    /// More when woken; the bytes that were offered have been taken.
    case later
    /// No more: ``finish(_:)`` will say why. The connection ends with that answer.
    case enough
  }

  /// Takes the next piece of the body, all of it.
  open func receive(_ bytes: Span<UInt8>) -> Appetite { .enough }

  /// Called when the body is over, or when the sink had enough: writes the answer and returns true, or returns false to be
  /// called again when woken.
  open func finish(_ response: inout Response) -> Bool { true }

  /// Called in place of ``finish(_:)`` when the connection ended in the middle of the body, or cannot take an answer any more.
  open func abandon() {}
}
