import TestSupport
import Testing
import Wire

struct CivilTimeTests {
  struct Known: Sendable, CustomTestStringConvertible {
    let seconds: Int64
    let rfc3339: String
    let imfFixdate: String
    let reason: String
    var testDescription: String { "\(rfc3339), \(reason)" }

    init(_ seconds: Int64, _ rfc3339: String, _ imfFixdate: String, _ reason: String) {
      (self.seconds, self.rfc3339, self.imfFixdate) = (seconds, rfc3339, imfFixdate)
      self.reason = reason
    }
  }

  @Test(arguments: [
    Known(0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "the epoch"),
    Known(-1, "1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 GMT", "before the epoch"),
    Known(784_111_777, "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT", "RFC 9110's own"),
    Known(951_782_400, "2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 GMT", "leap, by 400"),
    Known(951_868_800, "2000-03-01T00:00:00Z", "Wed, 01 Mar 2000 00:00:00 GMT", "after it"),
    Known(1_369_353_600, "2013-05-24T00:00:00Z", "Fri, 24 May 2013 00:00:00 GMT", "AWS's examples"),
    Known(1_709_251_199, "2024-02-29T23:59:59Z", "Thu, 29 Feb 2024 23:59:59 GMT", "leap, by 4"),
    Known(
      1_795_255_872, "2026-11-21T10:11:12Z", "Sat, 21 Nov 2026 10:11:12 GMT", "an ordinary day"),
    Known(2_147_483_648, "2038-01-19T03:14:08Z", "Tue, 19 Jan 2038 03:14:08 GMT", "beyond 32 bits"),
    Known(
      4_107_542_399, "2100-02-28T23:59:59Z", "Sun, 28 Feb 2100 23:59:59 GMT", "not leap, by 100"),
    Known(
      4_107_542_400, "2100-03-01T00:00:00Z", "Mon, 01 Mar 2100 00:00:00 GMT", "so March follows"),
    Known(
      253_402_300_799, "9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 GMT", "the last second"),
    Known(
      -62_135_596_800, "0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 GMT", "the first second"),
  ])
  func known(_ row: Known) {
    let time = CivilTime(unixSeconds: row.seconds)
    #expect(written { $0.append(rfc3339: time) } == row.rfc3339)
    #expect(written { $0.append(imfFixdate: time) } == row.imfFixdate)
    #expect(time.unixSeconds == row.seconds)
    #expect(CivilTime(rfc3339: row.rfc3339.utf8.span) == time)
    #expect(CivilTime(imfFixdate: row.imfFixdate.utf8.span) == time)
  }

  /// The calendar repeats after 400 years: these hold every kind of year, and the epoch.
  @Test func everyDayFollowsTheOneBefore() {
    let start = CivilTime(rfc3339: "1900-01-01T00:00:00Z".utf8.span)?.unixSeconds ?? 0
    var previous = CivilTime(unixSeconds: start)
    for day in Int64(1)...146_097 {
      let seconds = start + day * 86_400
      let time = CivilTime(unixSeconds: seconds)
      let follows =
        time.year == previous.year
        ? (time.month == previous.month
          ? time.day == previous.day + 1 : time.month == previous.month + 1 && time.day == 1)
        : time.year == previous.year + 1 && (time.month, time.day) == (1, 1)
      let same = CivilTime(year: time.year, month: time.month, day: time.day) == time
      guard follows, same, time.unixSeconds == seconds,
        time.weekday == (previous.weekday + 1) % 7
      else {
        Issue.record("\(time) after \(previous)")
        return
      }
      previous = time
    }
    #expect((previous.year, previous.month, previous.day) == (2300, 1, 1))
  }

  @Test(arguments: [(Int64.max, 9999), (Int64.min, 1), (253_402_300_800, 9999)])
  func timesBeyondTheYearsThatCanBeWrittenAreTheNearest(_ seconds: Int64, _ year: Int) {
    #expect(CivilTime(unixSeconds: seconds).year == year)
  }

  @Test(
    arguments: [
      ("2030-01-01T00:00:00.000Z", 1_893_456_000),
      ("2030-01-01T00:00:00.999999999999Z", 1_893_456_000),
      ("1969-07-21T02:56:15Z", -14_159_025),
      ("1969-07-20T21:56:15-05:00", -14_159_025),
      ("2030-01-01T05:30:00+05:30", 1_893_456_000),
      ("2016-12-31T23:59:60Z", 1_483_228_800),
    ] as [(String, Int64)])
  func rfc3339(_ text: String, _ seconds: Int64) {
    #expect(CivilTime(rfc3339: text.utf8.span)?.unixSeconds == seconds)
  }

  @Test(arguments: [
    ("", "nothing"),
    ("2030-01-01T00:00:00", "no zone"),
    ("2030-01-01 00:00:00Z", "a space for the T"),
    ("2030-01-01t00:00:00z", "XEP-0082 has capitals"),
    ("2030-02-29T00:00:00Z", "not a leap year"),
    ("2030-13-01T00:00:00Z", "no such month"),
    ("2030-00-01T00:00:00Z", "no such month"),
    ("2030-01-00T00:00:00Z", "no such day"),
    ("2030-01-01T24:00:00Z", "no such hour"),
    ("2030-01-01T00:60:00Z", "no such minute"),
    ("2030-01-01T00:00:61Z", "no such second"),
    ("2030-01-01T00:00:00.Z", "a fraction without digits"),
    ("2030-01-01T00:00:00Z ", "something behind"),
    ("2030-01-01T00:00:00+0530", "an offset without a colon"),
    ("2030-01-01T00:00:00+24:00", "no such offset"),
    ("2030-01-01T00:00:00 05:00", "neither plus nor minus"),
    ("20300101T000000Z", "the basic form"),
    ("0000-01-01T00:00:00Z", "there is no year 0"),
    ("0001-01-01T00:00:00+01:00", "which is in year 0"),
    ("9999-12-31T23:59:60Z", "which is in year 10000"),
    ("+030-01-01T00:00:00Z", "a sign is no digit"),
    ("2030-01-01T00:00:00.5", "cut inside the fraction"),
  ])
  func noRFC3339(_ text: String, _ reason: String) {
    #expect(CivilTime(rfc3339: text.utf8.span) == nil, "\(reason)")
  }

  @Test(arguments: [
    ("", "nothing"),
    ("Mon, 06 Nov 1994 08:49:37 GMT", "it was a Sunday"),
    ("Sunday, 06-Nov-94 08:49:37 GMT", "RFC 850's form"),
    ("Sun Nov  6 08:49:37 1994", "asctime's form"),
    ("Sun, 06 nov 1994 08:49:37 GMT", "names have their case"),
    ("Sun, 06 Nov 1994 08:49:37 UTC", "always GMT"),
    ("Sun, 6 Nov 1994 08:49:37 GMT", "two digits"),
    ("Sun,  6 Nov 1994 08:49:37 GMT", "two digits"),
    ("Sun, 06 Nov 1994 08:49:37 GMT ", "something behind"),
    ("Sun, 06 Nov 1994T08:49:37 GMT", "no space before the clock"),
    ("Thu, 31 Nov 1994 08:49:37 GMT", "no such day"),
  ])
  func noIMFFixdate(_ text: String, _ reason: String) {
    #expect(CivilTime(imfFixdate: text.utf8.span) == nil, "\(reason)")
  }
}
