import Meters
import ObjectStore
import Settings
import Signing
import Slots

/// What is known of the buckets, for each upload service by itself.
struct BucketInstruments: Sendable {
  private struct Host: Sendable {
    let success: Gauge
    let lastSuccess: Gauge
    let durations: [Phase: Gauge]

    init(_ name: String, _ listing: inout Listing) {
      let host: [(StaticString, String)] = [("host", name)]
      success = listing.gauge(Families.probeSuccess, host)
      lastSuccess = listing.gauge(Families.probeLastSuccess, host)
      durations = .init(
        uniqueKeysWithValues: [Phase.put, .get, .delete].map { phase in
          (phase, listing.gauge(Families.probeDuration, host + [("phase", phase.rawValue)]))
        })
    }
  }

  /// By the number of the service.
  private let hosts: [Host]

  init(_ configuration: Configuration, _ listing: inout Listing) {
    hosts = configuration.services.map { Host($0.host.description, &listing) }
  }

  /// Publishes what is known; `health` must be that of the same configuration.
  func publish(_ health: Health, to registry: Registry) {
    for (number, service) in health.loading.configuration.services.enumerated() {
      let host = hosts[number]
      guard let place = health.targets.firstIndex(where: { $0.isSame(as: service) }),
        let latest = health.buckets[place].latest
      else { continue }
      registry.set(host.success, latest.obstacle == nil ? 1 : 0)
      if let time = health.buckets[place].lastSuccess {
        registry.set(host.lastSuccess, Double(time))
      }
      for step in latest.steps {
        if let gauge = host.durations[step.phase] {
          registry.set(gauge, step.duration / .seconds(1))
        }
      }
    }
  }
}
