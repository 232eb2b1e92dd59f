import TestSupport
import Testing
import Wire

@testable import EmbeddedBucket

@Suite struct PreconditionsTests {
  /// An object that was stored on Sun, 06 Nov 1994 08:49:37 GMT.
  private let modified: Int64 = 784_111_777
  private let etag = ETag(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210, parts: 0)

  private func fields(_ lines: String) throws -> RequestFields {
    var head = RequestHead()
    let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n".utf8)
    try #require(head.parse(bytes.span) == .complete)
    return RequestFields(head, bytes.span)
  }

  @Test(
    arguments: [
      ("", .met, "no condition"),
      ("If-Match: \"0123456789abcdeffedcba9876543210\"\r\n", .met, "this one"),
      ("If-Match: 0123456789abcdeffedcba9876543210\r\n", .met, "without quotes, as S3 takes it"),
      ("If-Match: \"a\", \"0123456789abcdeffedcba9876543210\"\r\n", .met, "one of a list"),
      ("If-Match: *\r\n", .met, "any"),
      ("If-Match: \"a\"\r\n", .failed("If-Match"), "another"),
      ("If-None-Match: \"0123456789abcdeffedcba9876543210\"\r\n", .notModified, "this one"),
      ("If-None-Match: W/\"0123456789abcdeffedcba9876543210\"\r\n", .notModified, "weakly"),
      ("If-None-Match: *\r\n", .notModified, "any"),
      ("If-None-Match: \"a\"\r\n", .met, "another"),
      ("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", .notModified, "that second"),
      ("If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n", .met, "the second before"),
      ("If-Modified-Since: yesterday\r\n", .met, "no date is no condition"),
      ("If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", .met, "that second"),
      (
        "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n", .failed("If-Unmodified-Since"),
        "the second before"
      ),
      (
        "If-None-Match: \"a\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", .met,
        "the tag outweighs the date, RFC 9110 section 13.2.2"
      ),
      (
        "If-Match: *\r\nIf-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n", .met,
        "the tag outweighs the date"
      ),
    ] as [(String, Preconditions.Verdict, String)])
  func condition(_ lines: String, _ verdict: Preconditions.Verdict, _ reason: String) throws {
    #expect(
      Preconditions.judge(try fields(lines), etag: etag, modified: modified) == verdict,
      "\(reason)")
  }

  @Test(arguments: [
    ("", true, "no condition"),
    ("If-Range: \"0123456789abcdeffedcba9876543210\"\r\n", true, "the same tag"),
    ("If-Range: W/\"0123456789abcdeffedcba9876543210\"\r\n", false, "a weak tag proves nothing"),
    ("If-Range: \"a\"\r\n", false, "another tag"),
    ("If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n", true, "the same second"),
    ("If-Range: Sun, 06 Nov 1994 08:49:36 GMT\r\n", false, "another second"),
  ])
  func range(_ lines: String, _ holds: Bool, _ reason: String) throws {
    #expect(
      Preconditions.rangeHolds(try fields(lines), etag: etag, modified: modified) == holds,
      "\(reason)")
  }
}
