import ObjectStore
import Signing
import Slots

/// What `/readyz` says: whether slots that are handed out now will work.
struct Readiness {
  private let health: Health
  private let isStopping: Bool
  private let now: Int64

  /// How it stands at a time in seconds since the beginning of 1970.
  init(_ health: Health, isStopping: Bool, at now: Int64) {
    self.health = health
    self.isStopping = isStopping
    self.now = now
  }

  /// Whether a load balancer should send requests here. One bucket of many that is down is a reason to act, but none to take the
  /// service away from all others.
  var isReady: Bool { !isStopping && !health.targets.indices.allSatisfy(isBroken) }

  private func isBroken(_ place: Int) -> Bool {
    health.buckets[place].standing == .down || hasExpired(place)
  }

  private func credentials(_ place: Int) -> Credentials {
    health.snapshot.services.all[health.targets[place].number].presigner.identity.credentials
  }

  private func hasExpired(_ place: Int) -> Bool { credentials(place).hasEnded(at: now) }

  /// One sentence for each thing that is wrong.
  private var reasons: [String] {
    var all = isStopping ? ["slotd is shutting down."] : []
    for (place, target) in health.targets.enumerated() {
      let hosts = target.hosts.joined(separator: ", ")
      if hasExpired(place) {
        all.append("\(hosts): the session of the access key has ended; renew its credentials.")
      } else if isBroken(place), let trouble = health.buckets[place].latest?.obstacle {
        all.append("\(hosts): \(trouble).")
      }
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
          ("loaded_at", .time(health.snapshot.loadedAt)), ("stale", .bool(health.isStale)),
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
      ("credentials_expire_at", credentials(place).expiresAt.map { .time($0) }),
    ])
  }
}
