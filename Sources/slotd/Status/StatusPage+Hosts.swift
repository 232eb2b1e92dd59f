import ObjectStore
import Settings
import Signing

extension StatusPage {
  /// A row for each upload service of `snapshot`, with what `health` and its keyring know of its bucket and its credentials at `now`.
  static func hosts(of snapshot: Snapshot, _ health: Health, at now: Int64) -> [Host] {
    // By name and by number: there may be thousands of services.
    let buckets = Dictionary(
      zip(health.targets, health.buckets).flatMap { target, bucket in
        target.hosts.map { ($0, bucket) }
      }, uniquingKeysWith: { first, _ in first })
    let keepers = Dictionary(
      snapshot.keyring.entries.flatMap { entry in entry.services.map { ($0, entry.keeper) } },
      uniquingKeysWith: { first, _ in first })
    return snapshot.configuration.services.enumerated().map { number, service in
      Host(
        service, buckets[service.host.description] ?? BucketHealth(),
        credentials: credentials(service, keepers[number], snapshot.loading.loadedAt, at: now),
        at: now)
    }
  }

  /// Where a service's credentials come from, how old they are, and when they end.
  private static func credentials(
    _ service: UploadService, _ keeper: CredentialKeeper?, _ loadedAt: Int64, at now: Int64
  ) -> String {
    if case .embedded = service.backend { return "slotd's own" }
    guard let keeper else {
      return "from the configuration, read \(words(seconds: now - loadedAt)) ago"
    }
    guard let credentials = keeper.credentials, let takenAt = keeper.takenAt else { return "none" }
    let origin =
      "from \(keeper.source ?? "an unknown source"), \(words(seconds: now - takenAt)) old"
    guard let end = credentials.expiresAt else { return origin }
    return end > now
      ? "\(origin), good for \(words(seconds: end - now)) more" : "\(origin), expired"
  }
}

extension StatusPage.Host {
  init(_ service: UploadService, _ bucket: BucketHealth, credentials: String, at now: Int64) {
    let ago = bucket.lastSuccess.map { "\(StatusPage.words(seconds: now - $0)) ago" }
    let failures = StatusPage.words(bucket.failures, "time") ?? ""
    let trouble = bucket.latest?.obstacle.map { "\($0)." } ?? ""
    let (standing, sentence): (StatusPage.Standing, String) =
      switch bucket.standing {
      case .unknown: (.unknown, "Not tried yet.")
      case .ok: (.good, "Worked \(ago ?? "just now").")
      case .suspected: (.unknown, "Failed \(failures), last worked \(ago ?? "never"): \(trouble)")
      case .down: (.bad, "Does not work, last worked \(ago ?? "never"): \(trouble)")
      }
    self.init(service, standing: standing, sentence: sentence, credentials: credentials)
  }
}
