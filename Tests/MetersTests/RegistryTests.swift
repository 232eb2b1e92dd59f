import Testing

@testable import Meters

private let slots = Family("slots_total", .counter, "Slots.")
private let seconds = Family(
  "slot_duration_seconds",
  .histogram(Buckets(.oneTwoFive, from: 1000, count: 3, perUnit: 1_000_000_000)), "Durations.")
private let up = Family("up", .gauge, "Whether it is up.")

extension Registry {
  fileprivate var string: String { String(decoding: text(), as: UTF8.self) }
}

@Test func aCounterIsTheSumOfAllWorkers() {
  let registry = Registry()
  let counter = registry.configure { $0.counter(slots, [("host", "a.example")]) }
  let one = registry.tally()
  let other = registry.tally()
  one.add(to: counter)
  other.add(2, to: counter)
  #expect(registry.total(counter) == 3)
  #expect(
    registry.string == """
      # HELP slots_total Slots.
      # TYPE slots_total counter
      slots_total{host="a.example"} 3

      """)
}

@Test func whatAWorkerCountedOutlivesIt() {
  let registry = Registry()
  let counter = registry.configure { $0.counter(slots) }
  do { registry.tally().add(5, to: counter) }
  #expect(registry.total(counter) == 5)
}

@Test func aHistogramIsCumulativeAndInItsUnit() {
  let registry = Registry()
  let histogram = registry.configure { $0.histogram(seconds, [("host", "a")]) }
  let tally = registry.tally()
  for nanoseconds in [1, 1000, 1001, 5000, 5001] as [UInt64] {
    tally.observe(nanoseconds, in: histogram)
  }
  #expect(
    registry.string == """
      # HELP slot_duration_seconds Durations.
      # TYPE slot_duration_seconds histogram
      slot_duration_seconds_bucket{host="a",le="0.000001"} 2
      slot_duration_seconds_bucket{host="a",le="0.000002"} 3
      slot_duration_seconds_bucket{host="a",le="0.000005"} 4
      slot_duration_seconds_bucket{host="a",le="+Inf"} 5
      slot_duration_seconds_sum{host="a"} 0.000012003
      slot_duration_seconds_count{host="a"} 5

      """)
}

@Test func anotherConfigurationKeepsTheNumbersOfWhatStays() {
  let registry = Registry()
  let list = { (hosts: [String]) in
    registry.configure { listing in hosts.map { listing.counter(slots, [("host", $0)]) } }
  }
  let before = list(["a", "b"])
  var tally = registry.tally()
  tally.add(1, to: before[0])
  tally.add(2, to: before[1])

  let after = list(["c", "b"])
  // Until a worker has made room for it, what is new counts as zero, and what is known goes on.
  #expect(registry.total(after[0]) == 0)
  tally.add(1, to: before[1])
  tally.adopt()
  tally.add(4, to: after[0])
  tally.add(1, to: after[1])
  #expect(registry.total(after[1]) == 4)
  #expect(!registry.string.contains("host=\"a\""), "it is not configured any more")

  let again = list(["a"])
  tally.adopt()
  tally.add(1, to: again[0])
  #expect(registry.total(again[0]) == 2, "it was only hidden")
}

@Test(
  arguments: [
    (1, "1"), (0, "0"), (-2, "-2"), (0.5, "0.5"), (1_795_254_912, "1795254912"),
    (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (1e300, "1e+300"),
  ] as [(Double, String)])
func aGaugeShowsWhatItWasSetTo(_ value: Double, _ text: String) {
  let registry = Registry()
  let gauge = registry.configure { $0.gauge(up) }
  #expect(registry.string == "", "nobody has said anything yet")
  registry.set(gauge, value)
  #expect(registry.string == "# HELP up Whether it is up.\n# TYPE up gauge\nup \(text)\n")
}

@Test func labelValuesAreEscaped() {
  let registry = Registry()
  _ = registry.configure { $0.counter(slots, [("host", "a\"b\\c\nd"), ("other", "é")]) }
  #expect(registry.string.contains(#"slots_total{host="a\"b\\c\nd",other="é"} 0"#))
}

@Test func zerosHideWhereTheyAreToldTo() {
  let family = Family("requests_total", .counter, "Requests.")
  let registry = Registry()
  let counters = registry.configure { listing in
    ["a", "b"].map { listing.counter(family, [("route", $0)], hidesZero: true) }
  }
  #expect(registry.string == "")
  registry.tally().add(to: counters[1])
  #expect(registry.string.hasSuffix("counter\nrequests_total{route=\"b\"} 1\n"))
}

@Test func aQuantileIsTheBoundOfItsBucket() {
  let buckets = Buckets(.doubling, from: 1, count: 3)
  let all = Observations(buckets: buckets, counts: [1, 8, 0, 1], sum: 0)
  #expect(all.quantile(0.1) == 1)
  #expect(all.quantile(0.5) == 2)
  #expect(all.quantile(0.95) == nil, "larger than every bound")
  #expect(Observations(buckets: buckets, counts: [0, 0, 0, 0], sum: 0).quantile(0.5) == nil)
}
