import Meters
import Testing

@testable import slotd

@Test(arguments: [
  (0, "0 seconds"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"),
  (61, "1 minute 1 second"),
  (3_601, "1 hour 1 second"), (90_061, "1 day 1 hour"), (-5, "0 seconds"),
])
func durationsInWords(_ seconds: Int64, _ words: String) {
  #expect(StatusPage.words(seconds: seconds) == words)
}

@Test(arguments: [
  (1, "1 bytes"), (1_023, "1023 bytes"), (1_024, "1 KiB"), (104_857_600, "100 MiB"),
  (5_368_709_120, "5 GiB"), (1_048_577, "1048577 bytes"),
])
func bytesInWords(_ bytes: Int, _ words: String) {
  #expect(StatusPage.words(bytes: bytes) == words)
}

@Test func thePictureOfAnEmptyHourIsEmpty() {
  let figures = HourPicture(minutes: [History.Minute()]).figures
  #expect(figures.contains("No slot has been granted."))
  #expect(!figures.contains("<rect") && !figures.contains("<polyline"))
}

@Test func thePictureShowsEachMinuteOnce() {
  var minutes = (0..<60).map {
    History.Minute(granted: UInt64($0), denied: 1, median: 5_000, tail: 20_000)
  }
  minutes[59].tail = 2_000_000
  let figures = HourPicture(minutes: minutes).figures
  #expect(figures.components("class=\"granted\" x=") == 59, "one minute had none")
  #expect(figures.components("class=\"denied\" x=") == 60)
  #expect(figures.contains("1770 granted") && figures.contains("60 denied"))
  #expect(figures.contains("at most 60 a minute") && figures.contains("within 2 ms"))
  #expect(!figures.contains("x=\"-"), "nothing lies beyond the edge")
}

extension String {
  /// How often `part` is in it.
  fileprivate func components(_ part: String) -> Int {
    split(separator: part, omittingEmptySubsequences: false).count - 1
  }
}
