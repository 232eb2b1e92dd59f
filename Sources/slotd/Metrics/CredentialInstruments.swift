import Meters
import Settings
import Signing

/// When the credentials of each upload service end, where they can change while slotd runs.
struct CredentialInstruments: Sendable {
  /// By the number of the service.
  private let expiry: [Gauge]

  init(_ configuration: Configuration, _ listing: inout Listing) {
    expiry = configuration.services.map {
      listing.gauge(Families.credentialsExpiry, [("host", $0.host.description)])
    }
  }

  /// Publishes what is known; `keyring` must be of the same configuration.
  func publish(_ keyring: Keyring, to registry: Registry) {
    for (service, credentials) in keyring.credentials {
      registry.set(expiry[service], credentials.expiresAt.map { Double($0) } ?? .infinity)
    }
  }
}
