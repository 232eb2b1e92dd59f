/// The upper bounds of a histogram's buckets: a row of numbers that is computed and not kept, so that a histogram is a few numbers
/// that no two threads share.
///
/// ```
/// Buckets(.doubling, from: 1, count: 31)                                1, 2, 4 … 2^30
/// Buckets(.oneTwoFive, from: 1_000, count: 4, perUnit: 1_000_000_000)   1 µs, 2 µs, 5 µs, 10 µs in seconds
/// ```
public struct Buckets: Sendable, Equatable {
  /// How one bound follows from the one before.
  public enum Growth: Sendable {
    case doubling
    case quadrupling
    /// 1, 2, 5, 10, 20, 50 …
    case oneTwoFive
  }

  let growth: Growth
  let first: UInt64
  /// How many bounds there are; above the last one only infinity follows.
  public let count: Int
  /// How many of what is observed make one of what is published: 1000000000 where nanoseconds become seconds.
  public let perUnit: UInt64

  /// `count` bounds from `first` on. The last of them must fit into 64 bits, and `perUnit` must be a power of ten.
  public init(_ growth: Growth, from first: UInt64, count: Int, perUnit: UInt64 = 1) {
    precondition(first > 0 && count > 0 && perUnit > 0)
    self.growth = growth
    self.first = first
    self.count = count
    self.perUnit = perUnit
  }

  /// The bound of the bucket at `place`, inclusive, in what is observed.
  public func bound(_ place: Int) -> UInt64 {
    switch growth {
    case .doubling: first << UInt64(place)
    case .quadrupling: first << UInt64(place * 2)
    case .oneTwoFive: first * Self.steps[place % 3] * Self.power(10, place / 3)
    }
  }

  /// The bucket that `value` belongs to; ``count`` where it is larger than every bound.
  func place(of value: UInt64) -> Int {
    guard value > first else { return 0 }
    switch growth {
    case .doubling: return min(Self.doublings(value, first), count)
    case .quadrupling: return min((Self.doublings(value, first) + 1) / 2, count)
    case .oneTwoFive:
      var place = 0
      var decade = first
      while place < count {
        for step in Self.steps.indices where value <= decade * Self.steps[step] {
          return min(place + step, count)
        }
        place += 3
        decade &*= 10
      }
      return count
    }
  }

  private static let steps: [3 of UInt64] = [1, 2, 5]

  /// How often `first` has to be doubled until it reaches `value`, which is larger.
  private static func doublings(_ value: UInt64, _ first: UInt64) -> Int {
    let times = (value - 1) / first
    return UInt64.bitWidth - times.leadingZeroBitCount
  }

  private static func power(_ base: UInt64, _ exponent: Int) -> UInt64 {
    var result: UInt64 = 1
    for _ in 0..<exponent { result *= base }
    return result
  }
}
