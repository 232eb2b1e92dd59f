import Settings
import TestSupport
import Testing
import Wire

@testable import slotd

private func line(_ format: LogFormat, _ message: String, _ value: String) -> String {
  var line = LogLine(capacity: 256)
  line.begin("info".utf8.span, message.utf8.span, at: 1_795_255_872, format)
  line.field("text", value.utf8.span)
  line.field("number", 7)
  line.end()
  return line.bytes.text
}

@Test func aLineForPeopleStaysOneLine() {
  #expect(
    line(.human, "a\nb", "c\u{1B}[2Jd\r\n")
      == "2026-11-21T10:11:12Z info a b text=c [2Jd   number=7\n")
}

@Test func aLineOfJSONEscapesWhatItMust() {
  #expect(
    line(.json, "a\nb", "\"c\\\u{1}")
      == #"{"time":"2026-11-21T10:11:12Z","level":"info","message":"a\nb","text":"\"c\\\u0001","number":7}"#
      + "\n")
}
