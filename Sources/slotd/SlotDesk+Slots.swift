import Reactor
import Slots
import Synchronization
import Wire

/// Slots, and what is said where none is granted.
extension SlotDesk {
  mutating func answer(
    _ request: SlotRequest, _ mistake: StaticString?, in dialect: Dialect,
    since started: Int64, _ response: inout Response
  ) {
    if let mistake {
      return denySlot(.malformed(Denial.Sentence(mistake)), in: dialect, &response)
    }
    switch grantor.decide(request, at: clock.unixSeconds) {
    case .denied(let denial):
      denySlot(denial, in: dialect, &response)
    case .granted(let grant) where !refused.isEmpty && refused[grant.service.number]:
      let retryAt = clock.unixSeconds + Self.retrySeconds
      denySlot(
        .unavailable("The bucket does not work at the moment.", retryAt: retryAt), in: dialect,
        &response)
    case .granted(let grant):
      response.writer.begin(dialect.grantedStatus)
      response.writer.field("Content-Type", dialect.contentType)
      // A slot is for one upload: nobody may keep the answer and give it to somebody else.
      response.writer.field("Cache-Control", "no-store")
      response.writer.beginBody()
      grantor.write(grant, in: dialect, to: &response.writer.buffer)
      response.writer.endBody()
      let nanoseconds = UInt64(max(Clock.now - started, 0))
      meters.granted(by: grant.service.number, size: grant.size, nanoseconds: nanoseconds)
      journal.granted(
        grant, nanoseconds: nanoseconds, by: grantor, as: requestID, at: clock.unixSeconds)
    }
  }

  mutating func denySlot(_ denial: Denial, in dialect: Dialect, _ response: inout Response) {
    deny(denial, in: dialect, &response)
    meters.denied(denial.outcome, by: grantor.serviceNumber)
    journal.denied(denial.outcome, by: grantor, as: requestID, at: clock.unixSeconds)
  }

  mutating func deny(_ denial: Denial, in dialect: Dialect, _ response: inout Response) {
    response.writer.begin(dialect.status(denial))
    response.writer.field("Content-Type", dialect.denialContentType)
    if denial == .unauthorized {
      response.writer.field("WWW-Authenticate", "Bearer realm=\"slotd\", Basic realm=\"slotd\"")
    }
    if let seconds = dialect.retryAfter(denial, at: clock.unixSeconds) {
      response.writer.field("Retry-After", seconds)
    }
    response.writer.beginBody()
    dialect.write(denial, to: &response.writer.buffer)
    response.writer.endBody()
  }

  mutating func describe(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ response: inout Response
  ) {
    let dialect = dialect(head, bytes, .service)
    var request = SlotRequest()
    grantor.forget()
    if let mistake = request.read(query: bytes[head.query], into: &grantor.scratch) {
      return deny(.malformed(Denial.Sentence(mistake)), in: dialect, &response)
    }
    switch grantor.service(named: request.host) {
    case .denied(let denial):
      deny(denial, in: dialect, &response)
    case .found(let service):
      response.short(.ok, type: dialect.contentType) { service.describe(in: dialect, to: &$0) }
    }
  }

  /// Seconds after which a bucket that is down may be back.
  private static let retrySeconds: Int64 = 30

  mutating func readiness(_ response: inout Response) {
    let readiness = Readiness(
      health, snapshot, isStopping: shared.isStopping.load(ordering: .acquiring),
      at: clock.unixSeconds)
    response.writer.begin(readiness.isReady ? .ok : .serviceUnavailable)
    response.writer.field("Content-Type", "application/json")
    response.writer.field("Cache-Control", "no-store")
    response.endHead(body: Array((readiness.json.text + "\n").utf8))
  }
}
