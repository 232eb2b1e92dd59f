import Meters
import Reactor
import Slots
import Wire

/// The slot listener: one worker's routes, and the grantor behind them.
///
/// A closure's worth of glue between `Reactor`, which knows bytes, and `Slots`, which knows slots: find the route, check
/// the token, read the request, write what was decided.
final class SlotService: Service {
  private let shared: Shared
  private let clock: Clock
  private var edition = 0
  private var snapshot: Snapshot
  private var grantor: Grantor
  private var meters: ServiceMeters

  init(_ shared: Shared, _ clock: Clock) {
    self.shared = shared
    self.clock = clock
    snapshot = shared.state.current
    grantor = Grantor(snapshot.services)
    meters = ServiceMeters(snapshot.instruments, in: shared.registry)
  }

  override func turn() {
    guard let newer = shared.state.newer(than: &edition) else { return }
    snapshot = newer
    grantor.adopt(newer.services)
    meters.adopt(newer.instruments)
  }

  override func connectionBegan() { meters.connectionBegan() }
  override func connectionEnded() { meters.connectionEnded() }

  // MARK: - Requests

  override func begin(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ response: inout Response
  ) -> Intent {
    let found = Route.find(bytes[head.path])
    let intent = route(head, bytes, found, &response)
    if case .answered = intent { close(found?.route, response) }
    return intent
  }

  private func route(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ found: (Route, token: ByteRange)?,
    _ response: inout Response
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
      if route == .slot || route == .ejabberd {
        denySlot(.unauthorized, in: dialect, by: nil, &response)
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
      grantor.scratch.clear()
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
        "text/plain; version=0.0.4; charset=utf-8", on: shared.aside,
        write: { [shared] in shared.metrics() }, done: { self.close(route, $0) })
      return .stream(document)
    case .openapi:
      response.writer.begin(.ok)
      response.writer.field("Content-Type", "application/yaml")
      response.endHead(body: Program.openapi)
    }
    return .answered
  }

  override func answer(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, body: ByteRange,
    _ response: inout Response
  ) {
    let started = Clock.now
    var request = SlotRequest()
    grantor.scratch.clear()
    let mistake = request.read(json: bytes[body], into: &grantor.scratch)
    answer(request, mistake, in: dialect(head, bytes, .slot), since: started, &response)
    close(.slot, response)
  }

  override func refuse(_ refusal: Refusal, _ response: inout Response) {
    super.refuse(refusal, &response)
    close(nil, response)
  }

  /// Sees to what is to be done after every answer.
  private func close(_ route: Route?, _ response: borrowing Response) {
    if let status = response.writer.status { meters.answered(route, status) }
  }

  // MARK: - Slots

  private func answer(
    _ request: SlotRequest, _ mistake: StaticString?, in dialect: Dialect,
    since started: Int64, _ response: inout Response
  ) {
    if let mistake {
      return denySlot(.malformed(Denial.Sentence(mistake)), in: dialect, by: nil, &response)
    }
    switch grantor.decide(request, at: clock.unixSeconds) {
    case .denied(let denial):
      denySlot(denial, in: dialect, by: grantor.serviceNumber, &response)
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
    }
  }

  private func denySlot(
    _ denial: Denial, in dialect: Dialect, by host: Int?, _ response: inout Response
  ) {
    deny(denial, in: dialect, &response)
    meters.denied(denial.outcome, by: host)
  }

  private func deny(_ denial: Denial, in dialect: Dialect, _ response: inout Response) {
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

  private func describe(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ response: inout Response
  ) {
    let dialect = dialect(head, bytes, .service)
    var request = SlotRequest()
    grantor.scratch.clear()
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

  private func readiness(_ response: inout Response) {
    response.short(.ok, type: "application/json") { $0.append("{\"ready\":true}\n") }
  }

  // MARK: - What a request says about itself

  /// Whether the caller may use `route`: it needs no token, or has one that is known.
  private func admits(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ route: Route, _ pathToken: Span<UInt8>
  ) -> Bool {
    guard route.needsToken, !snapshot.tokens.isEmpty else { return true }
    if route == .ejabberd { return snapshot.tokens.admit(path: pathToken, &grantor.scratch) }
    guard let field = head.firstValue("authorization", in: bytes) else { return false }
    return snapshot.tokens.admit(bytes[field], &grantor.scratch)
  }

  /// The dialect that a request is answered in.
  private func dialect(
    _ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ route: Route
  ) -> Dialect {
    if route == .ejabberd || (route == .slot && head.method != .post) { return .lines }
    guard let field = head.firstValue("accept", in: bytes) else { return .json }
    return Accept.prefersXML(bytes[field]) ? .xml : .json
  }

  /// Whether the body is JSON, or of a type that was not named.
  private func acceptsJSON(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) -> Bool {
    guard let field = head.firstValue("content-type", in: bytes) else { return true }
    let type = bytes[field]
    let end = type.firstIndex(of: UInt8(ascii: ";")) ?? type.count
    return type.extracting(first: end).trimmed.equalsIgnoringCase("application/json")
  }
}
