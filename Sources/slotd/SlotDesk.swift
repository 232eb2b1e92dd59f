import Meters
import Reactor
import Settings
import Signing
import Slots
import Wire

/// One worker's routes of the slot listener, and the grantor behind them.
///
/// A closure's worth of glue between `Reactor`, which knows bytes, and `Slots`, which knows slots: find the route, check
/// the token, read the request, write what was decided.
struct SlotDesk: ~Copyable {
  let shared: Shared
  let clock: Clock
  private var edition = 0
  private let pinned = Pinned()
  private var healthEdition = 0
  private(set) var snapshot: Snapshot
  private(set) var health: Health
  /// By the number of a service, whether its slots are refused, because the bucket is down; empty where none are. In memory of this
  /// worker's own, as all that is looked at for a request.
  private(set) var refused: [Bool] = []
  var grantor: Grantor
  private(set) var meters: ServiceMeters
  var journal: Journal
  /// What the request under way is called.
  var requestID = RequestID()
  /// Names requests that come without a name: a Weyl sequence, in which no number comes twice.
  private var lastID = UInt64.random(in: .min ... .max)

  init(_ shared: Shared, _ clock: Clock) {
    self.shared = shared
    self.clock = clock
    snapshot = shared.state.current
    health = shared.watch.health.current
    grantor = Grantor(snapshot.services)
    meters = ServiceMeters(snapshot.instruments, in: shared.registry)
    journal = Journal(shared, snapshot)
  }

  /// Picks up what was published since the last turn.
  mutating func turn() {
    let newerHealth = shared.watch.health.newer(than: &healthEdition)
    let newer = shared.state.newer(than: &edition)
    guard newerHealth != nil || newer != nil else { return }
    if let newerHealth { health = newerHealth }
    if let newer { adopt(newer) }
    refused = health.refused(of: snapshot)
  }

  private mutating func adopt(_ newer: Snapshot) {
    if newer.loading !== snapshot.loading {
      meters.adopt(newer.instruments)
      journal.adopt(newer, shared)
    }
    snapshot = newer
    grantor.adopt(newer.services)
  }

  // MARK: - Requests

  /// Answers a request, or says what is to happen with its body; `service` is whose desk this is.
  mutating func begin(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ response: inout Response,
    of service: SlotService
  ) -> Intent {
    identify(head, bytes, &response)
    var found = Route.find(bytes[head.path])
    if found?.route == .status, !snapshot.configuration.statusPage { found = nil }
    let intent = route(head, bytes, found, &response, of: service)
    if case .answered = intent { close(found?.route, response) }
    return intent
  }

  private mutating func route(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ found: (Route, token: ByteRange)?,
    _ response: inout Response, of service: SlotService
  ) -> Intent {
    guard let (route, token) = found else {
      if head.method == .options, bytes[head.path].equals("*") {
        response.options("GET, HEAD, POST, OPTIONS")
      } else {
        response.problem(.notFound, kind: "not-found", detail: "There is nothing at this path.")
      }
      return .answered
    }
    if head.method == .options {
      response.options(route.allow)
      return .answered
    }
    let isRead = head.method == .get || head.method == .head
    guard isRead || (head.method == .post && route == .slot) else {
      response.methodNotAllowed(route.allow)
      return .answered
    }
    guard admits(head, bytes, route, bytes[head.path][token]) else {
      let dialect = dialect(head, bytes, route)
      grantor.forget()
      if route == .slot || route == .ejabberd {
        denySlot(.unauthorized, in: dialect, &response)
      } else {
        deny(.unauthorized, in: dialect, &response)
      }
      return .answered
    }
    switch route {
    case .slot where head.method == .post:
      guard acceptsJSON(head, bytes) else {
        response.problem(
          .unsupportedMediaType, kind: "unsupported-media-type",
          detail: "The body must be application/json.")
        return .answered
      }
      return .wholeBody(bytesMax: Limits.wholeBodyBytesMax)
    case .slot, .ejabberd:
      let started = Clock.now
      var request = SlotRequest()
      grantor.forget()
      let mistake = request.read(query: bytes[head.query], into: &grantor.scratch)
      answer(request, mistake, in: .lines, since: started, &response)
    case .service:
      describe(head, bytes, &response)
    case .livez:
      response.short(.ok, type: "text/plain; charset=utf-8") { $0.append("alive\n") }
    case .readyz:
      readiness(&response)
    case .metrics:
      let document = Document(
        route, "text/plain; version=0.0.4; charset=utf-8", for: requestID, on: shared.aside,
        write: { [shared] in shared.metrics() }, done: { service.close(route, $0) })
      return .stream(document)
    case .status:
      let document = Document(
        route, "text/html; charset=utf-8",
        fields: [
          ("Content-Security-Policy", StatusPage.securityPolicy),
          ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
        ], for: requestID, on: shared.aside,
        write: { [shared] in shared.statusPage() }, done: { service.close(route, $0) })
      return .stream(document)
    case .openapi:
      response.writer.begin(.ok)
      response.writer.field("Content-Type", "application/yaml")
      response.endHead(body: Program.openapi)
    }
    return .answered
  }

  /// Answers a request whose body was wanted whole and is at `body` in `bytes`.
  mutating func answer(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, body: ByteRange,
    _ response: inout Response
  ) {
    let started = Clock.now
    // A body that came with its head is answered in the same response; a later one in a new one.
    if response.writer.requestID.isEmpty { identify(head, bytes, &response) }
    var request = SlotRequest()
    grantor.forget()
    let mistake = request.read(json: bytes[body], into: &grantor.scratch)
    answer(request, mistake, in: dialect(head, bytes, .slot), since: started, &response)
    close(.slot, response)
  }

  /// Answers what is no request.
  mutating func refuse(_ refusal: Refusal, _ response: inout Response) {
    if response.writer.requestID.isEmpty { inventID(&response) }
    response.problem(refusal.status, kind: nil, detail: refusal.sentence)
    close(nil, response)
  }

  /// Counts an answer, and writes it into the log where that wants to know of each.
  mutating func close(_ route: Route?, _ response: borrowing Response) {
    guard let status = response.writer.status else { return }
    meters.answered(route, status)
    journal.answered(route, status, as: response.writer.requestID, at: clock.unixSeconds)
  }

  // MARK: - What a request is called

  /// Takes over what the caller calls the request, or gives it a name; the answer will carry it.
  private mutating func identify(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ response: inout Response
  ) {
    if let field = head.firstValue("x-request-id", in: bytes), requestID.set(bytes[field]) {
    } else if let field = head.firstValue("traceparent", in: bytes),
      requestID.set(traceparent: bytes[field])
    {
    } else {
      return inventID(&response)
    }
    response.writer.requestID = requestID
  }

  private mutating func inventID(_ response: inout Response) {
    lastID &+= 0x9E37_79B9_7F4A_7C15
    requestID.set(number: lastID)
    response.writer.requestID = requestID
  }
}
