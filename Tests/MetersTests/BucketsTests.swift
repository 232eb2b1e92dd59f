import Testing

@testable import Meters

@Test(arguments: [
  (Buckets(.doubling, from: 1, count: 31), 0, 1, "MongooseIM's first bucket"),
  (Buckets(.doubling, from: 1, count: 31), 30, 1 << 30, "MongooseIM's last bucket"),
  (Buckets(.quadrupling, from: 1024, count: 13), 2, 16384, "two steps are four doublings"),
  (Buckets(.oneTwoFive, from: 1000, count: 19), 1, 2000, "2"),
  (Buckets(.oneTwoFive, from: 1000, count: 19), 2, 5000, "5"),
  (Buckets(.oneTwoFive, from: 1000, count: 19), 18, 1_000_000_000, "six decades on"),
])
func bound(_ buckets: Buckets, _ place: Int, _ bound: UInt64, _ reason: String) {
  #expect(buckets.bound(place) == bound, "\(reason)")
}

@Test(arguments: [
  Buckets(.doubling, from: 1, count: 31), Buckets(.doubling, from: 3, count: 10),
  Buckets(.quadrupling, from: 1024, count: 13), Buckets(.quadrupling, from: 1, count: 31),
  Buckets(.oneTwoFive, from: 1000, count: 19), Buckets(.oneTwoFive, from: 7, count: 4),
])
func everyValueIsInTheFirstBucketThatHoldsIt(_ buckets: Buckets) {
  let bounds = (0..<buckets.count).map(buckets.bound)
  let around: [UInt64] = bounds.flatMap { bound -> [UInt64] in [bound - 1, bound, bound + 1] }
  for value in around + [0, .max] {
    let place = bounds.firstIndex { value <= $0 } ?? buckets.count
    #expect(buckets.place(of: value) == place, "\(value)")
  }
}

@Test(arguments: [
  (1_000, 1_000_000_000, "0.000001"), (1_500_000_000, 1_000_000_000, "1.5"),
  (2_000_000_000, 1_000_000_000, "2"), (0, 1_000_000_000, "0"), (7, 1, "7"),
  (UInt64.max, 1_000_000_000, "18446744073.709551615"),
])
func decimal(_ value: UInt64, _ unit: UInt64, _ text: String) {
  #expect(Exposition.decimal(value, unit) == text)
}
