import Settings

/// How it stands with everything that slots need: immutable, and replaced as a whole.
final class Health: Sendable {
  /// The configuration that it is about.
  let loading: Loading
  /// The configuration's buckets.
  let targets: [BucketTarget]
  /// What is known of each.
  let buckets: [BucketHealth]
  /// Whether the configuration's files are newer, and bad.
  let isStale: Bool

  init(
    _ loading: Loading, _ targets: [BucketTarget], _ buckets: [BucketHealth],
    isStale: Bool = false
  ) {
    self.loading = loading
    self.targets = targets
    self.buckets = buckets
    self.isStale = isStale
  }

  /// By the number of a service of `snapshot`, whether slots of it are to be refused; empty where none are.
  func refused(of snapshot: Snapshot) -> [Bool] {
    let configuration = snapshot.configuration
    let down = zip(targets, buckets).filter { $1.standing == .down }.map(\.0)
    // While a new configuration is taken over, numbers may mean other services.
    guard loading === snapshot.loading, configuration.refuseWhenBucketDown,
      !down.isEmpty
    else {
      return []
    }
    return configuration.services.map { service in down.contains { $0.isSame(as: service) } }
  }

  /// The same with some of it changed.
  func with(
    bucket: (place: Int, health: BucketHealth)? = nil, isStale: Bool? = nil
  ) -> Health {
    var buckets = buckets
    if let bucket { buckets[bucket.place] = bucket.health }
    return Health(
      loading, targets, buckets, isStale: isStale ?? self.isStale)
  }

  /// The same for a new configuration: what is known of a bucket that is also in it stays known.
  func adopting(_ snapshot: Snapshot) -> Health {
    let targets = BucketTarget.all(in: snapshot)
    let buckets = targets.map { target in
      self.targets.firstIndex { $0.isSame(as: target.settings) }.map { self.buckets[$0] }
        ?? BucketHealth()
    }
    return Health(snapshot.loading, targets, buckets)
  }
}
