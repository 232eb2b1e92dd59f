import Meters
import Settings
import Slots
import Wire

/// The series of one configuration.
struct Instruments: Sendable {
  /// A counter for each ``Outcome``. Like all that a worker reads for a request it holds no reference: workers that shared one would
  /// all write to its count.
  typealias Outcomes = [9 of Counter]

  /// The series of one upload service.
  struct Host: Sendable {
    let outcomes: Outcomes
    let mongooseCount: Counter
    let mongooseTime: Histogram

    /// The series of the service called `name`.
    init(_ name: String, _ listing: inout Listing) {
      outcomes = Instruments.outcomes(name, &listing)
      let labels: [(StaticString, String)] = [("host_type", name), ("function", "create_slot")]
      mongooseCount = listing.counter(Families.mongooseCount, labels)
      mongooseTime = listing.histogram(Families.mongooseTime, labels)
    }
  }

  /// By the number of the service.
  private(set) var hosts: [Host]
  /// Denials before it was clear which service was meant.
  let hostless: Outcomes
  let slotDuration: Histogram
  let slotBytes: Histogram
  /// By route and status: ``request(_:_:)``.
  private var requests: [Counter] = []
  let connections: Counter
  let process: ProcessInstruments
  let buckets: BucketInstruments
  let credentials: CredentialInstruments

  /// Lists what there is to count under `configuration`.
  init(_ configuration: Configuration, _ listing: inout Listing) {
    hosts = configuration.services.map { Host($0.host.description, &listing) }
    hostless = Self.outcomes("", &listing)
    slotDuration = listing.histogram(Families.slotDuration)
    slotBytes = listing.histogram(Families.slotBytes)
    for route in Route.allCases.map(\.name.description) + [""] {
      for code in Self.codes.indices {
        let labels: [(StaticString, String)] = [
          ("route", route), ("code", Self.codes[code].description),
        ]
        requests.append(listing.counter(Families.requests, labels, hidesZero: true))
      }
    }
    connections = listing.counter(Families.connections)
    process = ProcessInstruments(&listing)
    buckets = BucketInstruments(configuration, &listing)
    credentials = CredentialInstruments(configuration, &listing)
  }

  private static func outcomes(_ host: String, _ listing: inout Listing) -> Outcomes {
    Outcomes { number in
      let name = Outcome(rawValue: number)?.name.description ?? ""
      return listing.counter(
        Families.slots, [("host", host), ("outcome", name)], hidesZero: host.isEmpty)
    }
  }

  /// The same in memory of its own, for one worker.
  var copy: Instruments {
    var copy = self
    copy.hosts = hosts.map { $0 }
    copy.requests = requests.map { $0 }
    return copy
  }

  /// What all workers have counted of slots: how long those took that were granted, and how many were denied.
  func totals(in registry: Registry) -> (granted: Observations, denied: UInt64) {
    var denied: UInt64 = 0
    for outcomes in hosts.map(\.outcomes) + [hostless] {
      for outcome in Outcome.allCases where outcome != .granted {
        denied += registry.total(outcomes[outcome.rawValue])
      }
    }
    return (registry.observations(slotDuration), denied)
  }

  // MARK: - Requests

  /// The statuses that the slot listener answers with, the usual ones first.
  private static let codes: [21 of UInt16] = [
    201, 200, 204, 400, 401, 402, 403, 404, 405, 408, 413, 414, 415, 417, 422, 429, 431, 500, 501,
    503, 505,
  ]

  /// The counter of answers with `status` on `route`, or on no route.
  func request(_ route: Route?, _ status: Status) -> Counter? {
    for code in Self.codes.indices where Self.codes[code] == status.code {
      return requests[(route?.rawValue ?? Route.allCases.count) * Self.codes.count + code]
    }
    return nil
  }
}
