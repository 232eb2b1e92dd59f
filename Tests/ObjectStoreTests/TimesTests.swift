import Testing
import Wire

@testable import ObjectStore

struct TimesTests {
  @Test(
    arguments: [
      ("Nov 21 10:11:12 2026 GMT", 1_795_255_872), ("Nov  1 00:00:00 2026 GMT", 1_793_491_200),
      ("Nov 21 10:11:12 2026", nil), ("Nix 21 10:11:12 2026 GMT", nil), ("", nil),
      ("Nov 31 10:11:12 2026 GMT", nil), ("Nov 21 10:11 2026 GMT", nil),
    ] as [(String, Int64?)])
  func `a certificate's times are read as OpenSSL prints them`(_ text: String, _ time: Int64?) {
    #expect(CivilTime(asn1Text: text)?.unixSeconds == time)
  }

  @Test(arguments: [
    (Duration.milliseconds(1500), 1500), (.zero, 0), (.microseconds(999), 0),
    (.seconds(Int64.max), 1_000_000_000_000), (.seconds(Int64.min), -1_000_000_000_000),
  ])
  func `milliseconds are whole and have an end`(_ duration: Duration, _ milliseconds: Int) {
    #expect(duration.milliseconds == milliseconds)
  }
}
