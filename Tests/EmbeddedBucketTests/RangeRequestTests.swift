import Testing

@testable import EmbeddedBucket

@Suite struct RangeRequestTests {
  @Test(
    arguments: [
      (nil, .whole, "no such field"),
      ("bytes=0-499", .part(offset: 0, count: 500), "the first bytes"),
      ("bytes=500-999", .part(offset: 500, count: 500), "the rest"),
      ("bytes=500-", .part(offset: 500, count: 500), "from a place on"),
      ("bytes=-500", .part(offset: 500, count: 500), "the last bytes"),
      ("bytes=-2000", .part(offset: 0, count: 1000), "more than there are"),
      ("bytes=0-5000", .part(offset: 0, count: 1000), "an end behind the end"),
      ("bytes=999-999", .part(offset: 999, count: 1), "the last byte"),
      ("BYTES=0-0", .part(offset: 0, count: 1), "the unit's case does not matter"),
      ("bytes= 0-0 ", .part(offset: 0, count: 1), "white space around it"),
      ("bytes=0-18446744073709551615", .part(offset: 0, count: 1000), "the largest end"),
      ("bytes=1000-", .unsatisfiable, "behind the end"),
      ("bytes=1000-2000", .unsatisfiable, "all of it behind the end"),
      ("bytes=-0", .unsatisfiable, "the last no bytes"),
      ("bytes=0-1,5-6", .whole, "several ranges"),
      ("bytes=5-2", .whole, "an end before its beginning"),
      ("bytes=", .whole, "no range"),
      ("bytes=-", .whole, "neither end"),
      ("bytes=a-b", .whole, "no numbers"),
      ("bytes=1", .whole, "no hyphen"),
      ("bytes=+1-2", .whole, "a sign"),
      ("bytes=99999999999999999999-", .whole, "more than a number can be"),
      ("lines=1-2", .whole, "another unit"),
    ] as [(String?, RangeRequest, String)])
  func range(_ value: String?, _ expected: RangeRequest, _ reason: String) {
    #expect(RangeRequest(value.map { Array($0.utf8) }, size: 1000) == expected, "\(reason)")
  }

  @Test func anEmptyObjectHasNoRange() {
    #expect(RangeRequest(Array("bytes=0-".utf8), size: 0) == .unsatisfiable)
    #expect(RangeRequest(Array("bytes=-1".utf8), size: 0) == .unsatisfiable)
    #expect(RangeRequest(nil, size: 0) == .whole)
  }
}
