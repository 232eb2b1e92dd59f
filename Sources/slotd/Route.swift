import Wire

/// What a path of the slot listener leads to.
enum Route: Int, CaseIterable {
  case slot, ejabberd, service, livez, readyz, metrics, openapi, status

  /// The route of `path`, and the token in it where it has one.
  static func find(_ path: Span<UInt8>) -> (route: Route, token: ByteRange)? {
    if path.equals("/slot") { return (.slot, ByteRange()) }
    if path.starts(with: "/ejabberd/"), path.firstIndex(of: 0x2F, from: 10) == nil, path.count > 10
    {
      return (.ejabberd, ByteRange(10, path.count))
    }
    if path.equals("/service") { return (.service, ByteRange()) }
    if path.equals("/livez") { return (.livez, ByteRange()) }
    if path.equals("/readyz") || path.equals("/healthz") { return (.readyz, ByteRange()) }
    if path.equals("/metrics") { return (.metrics, ByteRange()) }
    if path.equals("/openapi.yaml") { return (.openapi, ByteRange()) }
    if path.equals("/") { return (.status, ByteRange()) }
    return nil
  }

  /// The methods that it takes, as an `Allow` field lists them.
  var allow: StaticString { self == .slot ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS" }

  /// Whether a caller needs a token, where tokens are configured.
  var needsToken: Bool { self != .livez && self != .readyz }

  /// What the route is called in metrics.
  var name: StaticString {
    switch self {
    case .slot: "/slot"
    case .ejabberd: "/ejabberd/{token}"
    case .service: "/service"
    case .livez: "/livez"
    case .readyz: "/readyz"
    case .metrics: "/metrics"
    case .openapi: "/openapi.yaml"
    case .status: "/"
    }
  }
}
