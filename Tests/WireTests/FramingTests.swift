import Testing
import Wire

/// Where the body ends (RFC 9112 §6) and whether the connection goes on (§9.3).
struct FramingTests {
  @Test(arguments: [
    HeadRow(
      fields: "Content-Length: 1\r\nContent-Length: 1", .contentLengthRepeated,
      "twice, though equal, §6.3"),
    HeadRow(
      fields: "Content-Length: 1\r\ncontent-length: 2", .contentLengthRepeated, "twice, §6.3"),
    HeadRow(
      fields: "Content-Length: 0\r\nContent-Length: 0", .contentLengthRepeated, "twice nothing"),
    HeadRow(fields: "Content-Length: 1, 1", .contentLength, "a list, §6.3"),
    HeadRow(fields: "Content-Length: +5", .contentLength, "a sign"),
    HeadRow(fields: "Content-Length: -0", .contentLength, "a sign"),
    HeadRow(fields: "Content-Length:", .contentLength, "empty"),
    HeadRow(fields: "Content-Length: 0x10", .contentLength, "hexadecimal"),
    HeadRow(fields: "Content-Length: 1e3", .contentLength, "an exponent"),
    HeadRow(fields: "Content-Length: 1.0", .contentLength, "a fraction"),
    HeadRow(fields: "Content-Length: 1 2", .contentLength, "a space inside"),
    HeadRow(fields: "Content-Length: \u{B2}", .contentLength, "a digit that is none"),
    HeadRow(fields: "Content-Length: five", .contentLength, "a word"),
    HeadRow(fields: "Content-Length: 18446744073709551616", .contentLength, "2^64 overflows"),
    HeadRow(
      fields: "Content-Length: 99999999999999999999", .contentLength, "twenty digits overflow"),
    HeadRow(
      fields: "Content-Length: 1000000000000000000000000000000", .contentLength,
      "31 digits overflow"),
    HeadRow(
      fields: "Transfer-Encoding: chunked\r\nContent-Length: 1", .framingConflict, "both, §6.1"),
    HeadRow(
      fields: "Content-Length: 0\r\nTransfer-Encoding: chunked", .framingConflict, "both, §6.1"),
    HeadRow(
      fields: "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .transferEncoding,
      "chunked twice, §7.1"),
    HeadRow(
      fields: "Transfer-Encoding: chunked, chunked", .transferEncoding, "twice in a list, §7.1"),
    HeadRow(
      fields: "Transfer-Encoding: gzip, chunked", .transferEncodingUnsupported,
      "unknown here: 501, §6.1"),
    HeadRow(
      fields: "Transfer-Encoding: chunked, gzip", .transferEncoding,
      "chunked not last, §6.3"),
    HeadRow(
      fields: "Transfer-Encoding: identity", .transferEncodingUnsupported, "no longer a coding, §7"),
    HeadRow(fields: "Transfer-Encoding: xchunked", .transferEncodingUnsupported, "a look-alike"),
    HeadRow(
      fields: "Transfer-Encoding: chunked;q=1", .transferEncodingUnsupported, "a parameter, §7"),
    HeadRow(fields: "Transfer-Encoding: \"chunked\"", .transferEncoding, "in quotes"),
    HeadRow(fields: "Transfer-Encoding: \u{B}chunked", .fieldValue, "a vertical tab before it"),
    HeadRow(fields: "Transfer-Encoding:", .transferEncoding, "empty"),
    HeadRow(
      fields: "Transfer-Encoding : chunked", .fieldName,
      "a space before the colon hides it from some"),
    HeadRow(fields: "X: y\r\n Transfer-Encoding: chunked", .folding, "folding hides it from some"),
    HeadRow(
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncoding, "in 1.0, §6.1"),
  ])
  func refused(_ row: HeadRow) { row.check() }

  @Test(
    arguments: [
      ("X: y", .none, "neither field: no body, §6.3"),
      ("Content-Length: 0", .none, "no body is a body of nothing"),
      ("Content-Length: 00", .none, "zeros"),
      ("Content-Length: 5", .length(5), "a length"),
      ("CONTENT-LENGTH:\t5 ", .length(5), "white space around"),
      ("Content-Length: 005", .length(5), "leading zeros are in the grammar, RFC 9110 §8.6"),
      ("Content-Length: 18446744073709551615", .length(.max), "the largest length"),
      ("Transfer-Encoding: chunked", .chunked, "chunks"),
      ("transfer-encoding: CHUNKED", .chunked, "codings have no case, §7"),
    ] as [(String, RequestHead.Framing, String)])
  func framing(_ field: String, _ framing: RequestHead.Framing, _ reason: String) {
    let head = Understood("GET / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")
    #expect(head?.framing == framing, "\(reason)")
  }

  @Test(arguments: [
    ("HTTP/1.1", "X: y", true, "1.1 goes on, §9.3"),
    ("HTTP/1.1", "Connection: close", false, "unless told to close"),
    ("HTTP/1.1", "Connection: CLOSE", false, "options have no case, RFC 9110 §7.6.1"),
    ("HTTP/1.1", "Connection: keep-alive", true, "which is said for nothing"),
    ("HTTP/1.1", "Connection: te, close ,x", false, "a list"),
    ("HTTP/1.1", "Connection: ,, close", false, "with empty elements, RFC 9110 §5.6.1"),
    ("HTTP/1.1", "Connection: keep-alive\r\nConnection: close", false, "two fields are one list"),
    ("HTTP/1.1", "Connection: keep-alive, close", false, "close counts, §9.3"),
    ("HTTP/1.1", "Connection: closed", true, "another option"),
    ("HTTP/1.1", "Connection: not close", true, "no list of two"),
    ("HTTP/1.1", "Connection:", true, "nothing said"),
    ("HTTP/1.1", "Proxy-Connection: close", true, "no field of this connection"),
    ("HTTP/1.0", "X: y", false, "1.0 closes, §9.3"),
    ("HTTP/1.0", "Connection: Keep-Alive", true, "unless told to go on"),
    ("HTTP/1.0", "Connection: keep-alive, close", false, "close counts, §9.3"),
    ("HTTP/1.2", "X: y", true, "a later version is 1.1"),
  ])
  func keepAlive(_ version: String, _ field: String, _ keeps: Bool, _ reason: String) {
    let head = Understood("GET / \(version)\r\nHost: a\r\n\(field)\r\n\r\n")
    #expect(head?.keepsAlive == keeps, "\(reason)")
  }

  @Test(arguments: [
    ("HTTP/1.1", "Expect: 100-continue\r\nContent-Length: 1", true, "RFC 9110 §10.1.1"),
    ("HTTP/1.1", "expect: 100-CONTINUE\r\nTransfer-Encoding: chunked", true, "no case; chunks too"),
    ("HTTP/1.1", "Content-Length: 1", false, "not asked for"),
    ("HTTP/1.1", "Expect: 100-continue", false, "there is no body to wait for"),
    ("HTTP/1.1", "Expect: 100-continue\r\nContent-Length: 0", false, "nor here"),
    ("HTTP/1.0", "Expect: 100-continue\r\nContent-Length: 1", false, "ignored in 1.0"),
    ("HTTP/1.0", "Expect: the moon\r\nContent-Length: 1", false, "ignored in 1.0, whatever it is"),
  ])
  func expectation(_ version: String, _ fields: String, _ expects: Bool, _ reason: String) {
    let head = Understood("PUT / \(version)\r\nHost: a\r\n\(fields)\r\n\r\n")
    #expect(head?.expectsContinue == expects, "\(reason)")
  }

  @Test(arguments: [
    HeadRow(fields: "Expect: 200-ok", .expectation, "another expectation: 417"),
    HeadRow(fields: "Expect: 100-continue, x", .expectation, "one more expectation"),
    HeadRow(fields: "Expect:", .expectation, "an empty one"),
  ])
  func unknownExpectation(_ row: HeadRow) { row.check() }

  @Test func everyRefusalHasAStatusAndAReason() {
    // One of each kind that differs from 400.
    let statuses: [(Refusal, UInt16)] = [
      (.lineEnd, 400), (.hostRepeated, 400), (.framingConflict, 400), (.chunk, 400),
      (.targetTooLong, 414), (.fieldsTooMany, 431), (.headTooLarge, 431),
      (.versionUnsupported, 505), (.transferEncodingUnsupported, 501), (.connectMethod, 501),
      (.expectation, 417), (.bodyTooLarge, 413), (.headTimeout, 408), (.bodyTimeout, 408),
    ]
    for (refusal, code) in statuses {
      #expect(refusal.status.code == code, "\(refusal)")
      #expect(refusal.sentence.description.hasSuffix(")."), "\(refusal)")
    }
  }
}
