/// What a histogram holds at one time.
public struct Observations: Sendable, Equatable {
  /// What its buckets are.
  public let buckets: Buckets
  /// How many observations each bucket has, not those of smaller ones; the last has what is larger than every bound.
  public let counts: [UInt64]
  /// All observations together.
  public let sum: UInt64

  /// How many observations there are.
  public var count: UInt64 { counts.reduce(0, &+) }

  /// What came since `earlier`.
  public func since(_ earlier: Observations) -> Observations {
    Observations(
      buckets: buckets, counts: zip(counts, earlier.counts).map { $0 &- $1 },
      sum: sum &- earlier.sum)
  }

  /// The bound of the bucket that the given share (0 to 1) of all observations reaches, in what is observed; nil where there are
  /// none, or where that bucket has no bound.
  public func quantile(_ share: Double) -> UInt64? {
    let wanted = share * Double(count)
    var seen: UInt64 = 0
    for place in 0..<buckets.count {
      seen &+= counts[place]
      if seen > 0, Double(seen) >= wanted { return buckets.bound(place) }
    }
    return nil
  }
}
