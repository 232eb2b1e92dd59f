import ObjectStore
import Signing
import Slots

/// What `/readyz` says: whether slots that are handed out now will work.
struct Readiness {
  private let health: Health
  private let snapshot: Snapshot
  private let isStopping: Bool
  private let now: Int64

  /// How it stands at a time in seconds since the beginning of 1970.
  init(_ health: Health, _ snapshot: Snapshot, isStopping: Bool, at now: Int64) {
    self.health = health
    self.snapshot = snapshot
    self.isStopping = isStopping
    self.now = now
  }

  /// Whether a load balancer should send requests here. One bucket of many that is down is a reason to act, but none to take the
  /// service away from all others.
  var isReady: Bool { !isStopping && !health.targets.indices.allSatisfy(isBroken) }

  private func isBroken(_ place: Int) -> Bool {
    health.buckets[place].standing == .down || hasExpired(place)
  }

  /// What signs for a bucket; nil for a moment after a reload, when what is known of buckets is about the configuration before.
  private func presigner(_ place: Int) -> Presigner? {
    guard health.loading === snapshot.loading else { return nil }
    return snapshot.services.all[health.targets[place].number].presigner
  }

  private func hasExpired(_ place: Int) -> Bool {
    presigner(place).map { !$0.canSign(at: now) } ?? false
  }

  /// One sentence for each thing that is wrong.
  private var reasons: [String] {
    var all = isStopping ? ["slotd is shutting down."] : []
    all += snapshot.keyring.troubles(at: now)
    // Without credentials the bucket is not to blame.
    for (place, target) in health.targets.enumerated() where !hasExpired(place) {
      guard isBroken(place), let trouble = health.buckets[place].latest?.obstacle else { continue }
      all.append("\(target.hosts.joined(separator: ", ")): \(trouble).")
    }
    return all
  }

  /// The body of the answer.
  var json: JSONValue {
    let reasons = reasons
    return .object([
      ("ready", .bool(isReady)),
      ("reasons", reasons.isEmpty ? nil : .array(reasons.map { .string($0) })),
      (
        "configuration",
        .object([
          ("loaded_at", .time(health.loading.loadedAt)), ("stale", .bool(health.isStale)),
        ])
      ),
      ("buckets", .array(health.targets.indices.map(bucket))),
    ])
  }

  private func bucket(_ place: Int) -> JSONValue {
    let (target, known) = (health.targets[place], health.buckets[place])
    return .object([
      ("hosts", .array(target.hosts.map { .string($0) })),
      ("status", .string(known.standing.rawValue)),
      ("failures", .number(known.failures)),
      ("trouble", known.latest?.trouble?.json),
      ("probed_at", known.latest.map { .time($0.startedAt) }),
      ("phases", known.latest?.phases),
      ("clock_offset", known.latest?.clockOffset.map { .number($0) }),
      ("last_success_at", known.lastSuccess.map { .time($0) }),
      ("last_success_age", known.lastSuccess.map { .number(Int(max(now - $0, 0))) }),
      ("credentials_expire_at", presigner(place)?.identity.credentials.expiresAt.map { .time($0) }),
    ])
  }
}
