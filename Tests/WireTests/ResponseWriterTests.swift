import TestSupport
import Testing
import Wire

/// Responses, byte by byte (RFC 9112 §4).
struct ResponseWriterTests {
  static let date = "Sat, 21 Nov 2026 10:11:12 GMT"

  @Test(arguments: [0, 1, 9, 10, 99, 100, 999, 1_000, 12_345, 60_000])
  func theLengthIsThatOfTheBody(_ count: Int) {
    let text = response { writer in
      writer.begin(.ok)
      writer.field("Content-Type", "text/plain")
      writer.beginBody()
      for _ in 0..<count { writer.buffer.append(UInt8(ascii: "x")) }
      writer.endBody()
    }
    #expect(
      text == "HTTP/1.1 200 OK\r\nDate: \(Self.date)\r\nContent-Type: text/plain\r\n"
        + "Content-Length: \(count)\r\n\r\n" + String(repeating: "x", count: count))
  }

  @Test func headSaysTheLengthOfWhatItLeavesOut() {
    let text = response(withoutBody: true) { writer in
      writer.begin(.ok)
      writer.beginBody()
      writer.buffer.append("twelve bytes")
      writer.endBody()
    }
    #expect(text == "HTTP/1.1 200 OK\r\nDate: \(Self.date)\r\nContent-Length: 12\r\n\r\n")
  }

  @Test(
    arguments: [
      (.ok, "200 OK", "Content-Length: 0\r\n"),
      (.notFound, "404 Not Found", "Content-Length: 0\r\n"),
      (.noContent, "204 No Content", ""), (.notModified, "304 Not Modified", ""),
      (Status(299), "299 ", "Content-Length: 0\r\n"),
    ] as [(Status, String, String)])
  func withoutBody(_ status: Status, _ line: String, _ length: String) {
    let text = response { writer in
      writer.begin(status)
      writer.endWithoutBody()
    }
    #expect(text == "HTTP/1.1 \(line)\r\nDate: \(Self.date)\r\n\(length)\r\n")
  }

  @Test(
    arguments: [
      (.http11, true, ""), (.http11, false, "Connection: close\r\n"),
      (.http10, true, "Connection: keep-alive\r\n"), (.http10, false, "Connection: close\r\n"),
    ] as [(RequestHead.Version, Bool, String)])
  func connection(_ version: RequestHead.Version, _ keepsAlive: Bool, _ field: String) {
    let text = response(version: version, keepsAlive: keepsAlive) { writer in
      writer.begin(.ok)
      writer.endWithoutBody()
    }
    #expect(text == "HTTP/1.1 200 OK\r\nDate: \(Self.date)\r\n\(field)Content-Length: 0\r\n\r\n")
  }

  @Test func aBodyFromElsewhereIsAnnounced() {
    var sends: [Bool] = []
    for (count, withoutBody) in [(UInt64.max, false), (5, true), (0, false)] {
      let text = response(withoutBody: withoutBody) { writer in
        writer.begin(.ok)
        sends.append(writer.endHead(bodyCount: count))
      }
      #expect(text?.hasSuffix("\r\nContent-Length: \(count)\r\n\r\n") == true)
    }
    #expect(sends == [true, false, false])
  }

  @Test func aFieldHoldsWhatItIsGiven() {
    let text = response { writer in
      writer.begin(.ok)
      writer.field("A", "b")
      writer.field("C", "d e".utf8.span)
      writer.field("F", 18_446_744_073_709_551_615)
      writer.endWithoutBody()
    }
    #expect(text?.contains("\r\nA: b\r\nC: d e\r\nF: 18446744073709551615\r\n") == true)
  }

  @Test func aSecondResponseFollowsTheFirst() {
    let one = "HTTP/1.1 200 OK\r\nDate: \(Self.date)\r\nContent-Length: 3\r\n\r\none"
    let text = response(behind: one) { writer in
      writer.begin(.created)
      writer.beginBody()
      writer.buffer.append("second")
      writer.endBody()
    }
    #expect(
      text == one + "HTTP/1.1 201 Created\r\nDate: \(Self.date)\r\nContent-Length: 6\r\n\r\nsecond")
  }

  @Test func whatDoesNotFitIsTakenBackAndAnotherAnswerWritten() {
    let text = response(capacity: 200, behind: "one") { writer in
      writer.begin(.ok)
      writer.beginBody()
      writer.buffer.append(string: String(repeating: "x", count: 150))
      writer.endBody()
      let before = writer.overflowed
      writer.reset()
      let (after, status) = (writer.overflowed, writer.status)
      #expect(before)
      #expect(!after)
      #expect(status == nil)
      writer.begin(.internalServerError)
      writer.beginBody()
      writer.buffer.append("sorry")
      writer.endBody()
    }
    #expect(
      text == "oneHTTP/1.1 500 Internal Server Error\r\nDate: \(Self.date)\r\n"
        + "Content-Length: 5\r\n\r\nsorry")
  }

  /// A body may fit, and its length have a digit too many.
  @Test(arguments: [(1_078, true), (1_077, false)])
  func theLengthHasToFitAsWell(_ capacity: Int, _ fits: Bool) {
    let text = response(capacity: capacity) { writer in
      writer.begin(.ok)
      writer.beginBody()
      writer.buffer.append(string: String(repeating: "x", count: 1_000))
      let before = writer.overflowed
      #expect(!before)
      writer.endBody()
    }
    #expect((text != nil) == fits)
  }

  @Test func everyNamedStatusHasItsPhrase() {
    let phrases: [(Status, String)] = [
      (.ok, "OK"), (.created, "Created"), (.unauthorized, "Unauthorized"),
      (.contentTooLarge, "Content Too Large"), (.expectationFailed, "Expectation Failed"),
      (.fieldsTooLarge, "Request Header Fields Too Large"), (.tooManyRequests, "Too Many Requests"),
      (.versionNotSupported, "HTTP Version Not Supported"),
    ]
    for (status, phrase) in phrases { #expect(status.reason.description == phrase) }
  }

  /// What `write` makes of a writer on a buffer that holds `before`; nil when it did not fit.
  private func response(
    capacity: Int = 65_536, behind before: String = "", version: RequestHead.Version = .http11,
    keepsAlive: Bool = true, withoutBody: Bool = false, _ write: (inout ResponseWriter) -> Void
  ) -> String? {
    var scratch = ByteBuffer(capacity: 64)
    let date = HTTPDate(unixSeconds: 1_795_255_872, scratch: &scratch)
    var buffer = ByteBuffer(capacity: capacity)
    buffer.append(string: before)
    var writer = ResponseWriter(
      into: buffer, date: date, version: version, keepsAlive: keepsAlive, withoutBody: withoutBody)
    write(&writer)
    buffer = writer.finish()
    return buffer.overflowed ? nil : buffer.bytes.text
  }
}
