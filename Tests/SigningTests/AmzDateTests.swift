import Signing
import TestSupport
import Testing
import Wire

struct AmzDateTests {
  @Test(
    arguments: [
      (0, "19700101T000000Z"), (-1, "19691231T235959Z"), (1_369_353_600, "20130524T000000Z"),
      (1_709_251_199, "20240229T235959Z"), (1_795_255_872, "20261121T101112Z"),
      (4_102_444_799, "20991231T235959Z"), (253_402_300_799, "99991231T235959Z"),
      (-62_135_596_800, "00010101T000000Z"),
    ] as [(Int64, String)])
  func roundTrip(_ seconds: Int64, _ text: String) {
    let date = AmzDate(unixSeconds: seconds)
    #expect(date.bytes.text == text)
    #expect(date.day.text == String(text.prefix(8)))
    #expect(AmzDate(text.utf8.span) == date)
    #expect(AmzDate(text.utf8.span)?.unixSeconds == seconds)
  }

  @Test(arguments: [
    ("", "nothing"), ("20261121", "a day"), ("20261121T101112", "no zone"),
    ("20261121T101112z", "capitals only"), ("20261121 101112Z", "no T"),
    ("20261121T101112+", "no Z"), ("2026-11-21T10:11:12Z", "the long form"),
    ("20261131T101112Z", "no such day"), ("20260229T000000Z", "not a leap year"),
    ("20261121T241112Z", "no such hour"), ("20261121T101160Z", "no such second"),
    ("2026112１T101112Z", "a digit that is none"), ("+0261121T101112Z", "a sign"),
    ("00000101T000000Z", "there is no year 0"), ("20261121T101112ZZ", "something behind"),
  ])
  func refused(_ text: String, _ reason: String) {
    #expect(AmzDate(text.utf8.span) == nil, "\(reason)")
  }
}
