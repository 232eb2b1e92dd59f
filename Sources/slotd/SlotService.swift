import Reactor
import Slots
import Wire

/// The slot listener as a worker knows it: a ``SlotDesk``.
///
/// The desk is a value, because each property of a class is guarded against overlapping access when it is used; so that is done once
/// a call, and not for each of its parts: a tenth of the instructions that a slot took besides hashing.
final class SlotService: Service {
  private var desk: SlotDesk

  init(_ shared: Shared, _ clock: Clock) { desk = SlotDesk(shared, clock) }

  override func turn() { desk.turn() }
  override func connectionBegan() { desk.meters.connectionBegan() }
  override func connectionEnded() { desk.meters.connectionEnded() }

  override func begin(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ response: inout Response
  ) -> Intent {
    desk.begin(head, bytes, &response, of: self)
  }

  override func answer(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, body: ByteRange,
    _ response: inout Response
  ) {
    desk.answer(head, bytes, body: body, &response)
  }

  override func refuse(_ refusal: Refusal, _ response: inout Response) {
    desk.refuse(refusal, &response)
  }

  /// Counts an answer that was written after its request was let go.
  func close(_ route: Route, _ response: borrowing Response) { desk.close(route, response) }
}
