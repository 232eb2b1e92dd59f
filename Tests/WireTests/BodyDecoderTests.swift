import TestSupport
import Testing
import Wire

/// Bodies by length and by chunks (RFC 9112 §6, §7.1).
struct BodyDecoderTests {
  @Test(arguments: [
    ("0\r\n\r\n", "", "an empty body"),
    ("5\r\nhello\r\n0\r\n\r\n", "hello", "one chunk"),
    ("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc", "several"),
    ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789", "a capital digit"),
    ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789", "a small digit"),
    ("0005\r\nhello\r\n000\r\n\r\n", "hello", "leading zeros, §7.1"),
    ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n", "line ends as payload"),
    ("5;a\r\nhello\r\n0;b=c;d=\"e;f\"\r\n\r\n", "hello", "extensions are ignored, §7.1.1"),
    ("5 ;a\r\nhello\r\n0\t; b = c\r\n\r\n", "hello", "white space before them, §7.1.1"),
    ("1\r\na\r\n0\r\nX: y\r\nZ:\r\n\r\n", "a", "trailers are dropped, §7.1.2"),
    ("1\r\na\r\n0\r\nContent-Length: 9\r\n\r\n", "a", "whatever they say"),
  ])
  func chunks(_ body: String, _ payload: String, _ reason: String) {
    let whole = DecodedBody(.chunked, body + "GET /")
    #expect(whole == DecodedBody(payload: payload, end: .end, left: 5), "\(reason)")
    for count in 0..<body.utf8.count {
      let prefix = DecodedBody(.chunked, String(decoding: body.utf8.prefix(count), as: UTF8.self))
      #expect(prefix.end == .more, "\(count) bytes of: \(reason)")
    }
  }

  @Test(
    arguments: [
      ("\r\n", .chunk, "no size"),
      ("g\r\n", .chunk, "no hexadecimal digit"),
      ("0x5\r\nhello\r\n", .chunk, "a prefix"),
      ("+5\r\nhello\r\n", .chunk, "a sign"),
      ("-5\r\nhello\r\n", .chunk, "a sign"),
      (" 5\r\nhello\r\n", .chunk, "white space before the size"),
      ("5 \r\nhello\r\n", .chunk, "white space behind the size and no extension"),
      ("5 5\r\nhello\r\n", .chunk, "two sizes"),
      ("5,5\r\nhello\r\n", .chunk, "a list"),
      ("5\nhello\r\n", .chunk, "a bare LF ends the line"),
      ("5\rhello\r\n", .chunk, "a bare CR ends the line"),
      ("5;a\nhello\r\n", .chunk, "a bare LF ends an extension"),
      ("5;a\rb\r\nhello\r\n", .chunk, "a bare CR in an extension"),
      ("5;\0\r\nhello\r\n", .chunk, "NUL in an extension"),
      ("5\r\nhello0\r\n\r\n", .chunk, "no line end behind the payload"),
      ("5\r\nhello\n0\r\n\r\n", .chunk, "a bare LF behind the payload"),
      ("5\r\nhello\r0\r\n\r\n", .chunk, "a bare CR behind the payload"),
      ("4\r\nhello\r\n0\r\n\r\n", .chunk, "more payload than was announced"),
      ("10000000000000000\r\n", .chunk, "2^64 overflows"),
      ("fffffffffffffffff\r\n", .chunk, "17 digits overflow"),
      ("\u{B2}\r\n", .chunk, "a digit that is none"),
      ("0\r\nX\r\n\r\n", .trailer, "a trailer without a colon"),
      ("0\r\nX : y\r\n\r\n", .trailer, "white space before the colon"),
      ("0\r\n: y\r\n\r\n", .trailer, "a trailer without a name"),
      ("0\r\n folded\r\n\r\n", .trailer, "folding"),
      ("0\r\nX: \0\r\n\r\n", .trailer, "NUL in a trailer"),
      ("0\r\nX: y\n\r\n", .trailer, "a bare LF ends a trailer"),
      ("0\r\nX: y\rz\r\n\r\n", .trailer, "a bare CR in a trailer"),
      ("0\r\n\n", .trailer, "a bare LF for the empty line"),
      ("0\r\n\rx", .trailer, "a bare CR for the empty line"),
    ] as [(String, Refusal, String)])
  func refused(_ body: String, _ refusal: Refusal, _ reason: String) {
    #expect(DecodedBody(.chunked, body).end == .refused(refusal), "\(reason)")
    #expect(DecodedBody(.chunked, body, by: 1).end == .refused(refusal), "\(reason), byte by byte")
  }

  @Test func framingIsBounded() {
    let line = Limits.chunkLineBytesMax
    let fits = "5;" + String(repeating: "x", count: line - 2) + "\r\nhello\r\n0\r\n\r\n"
    #expect(DecodedBody(.chunked, fits).end == .end)
    for endless in [
      "5;" + String(repeating: "x", count: line), String(repeating: "0", count: line + 1),
    ] {
      #expect(DecodedBody(.chunked, endless).end == .refused(.chunk))
      #expect(DecodedBody(.chunked, endless, by: 1).end == .refused(.chunk))
    }
    let trailer = "0\r\nA: " + String(repeating: "x", count: 100) + "\r\n"
    let many =
      trailer + String(repeating: "B: \(String(repeating: "y", count: 100))\r\n", count: 50)
    #expect(DecodedBody(.chunked, many).end == .refused(.trailer))
    #expect(DecodedBody(.chunked, many, by: 7).end == .refused(.trailer))
  }

  @Test(
    arguments: [
      (.none, "GET /", "", 5), (.length(0), "GET /", "", 5), (.length(3), "abcGET /", "abc", 5),
      (.length(5), "ab\r\nc", "ab\r\nc", 0),
    ] as [(RequestHead.Framing, String, String, Int)])
  func length(_ framing: RequestHead.Framing, _ body: String, _ payload: String, _ left: Int) {
    for size in 1...8 {
      #expect(
        DecodedBody(framing, body, by: size) == DecodedBody(payload: payload, end: .end, left: left)
      )
    }
  }

  @Test func aLengthThatIsNotReachedWantsMore() {
    #expect(DecodedBody(.length(4), "abc").end == .more)
    #expect(DecodedBody(.length(.max), "abc") == DecodedBody(payload: "abc", end: .more, left: 0))
    #expect(DecodedBody(.none, "").end == .end)
  }

  /// However the bytes arrive, the payload is the same, and so is the place where it ends.
  @Test func piecesDoNotMatter() {
    var random = SeededGenerator(seed: 71)
    for round in 0..<300 {
      var body: [UInt8] = []
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        let size = Int.random(in: 1...40, using: &random)
        body += Array((round % 2 == 0 ? "" : "0").utf8) + Array(String(size, radix: 16).utf8)
        if Bool.random(using: &random) { body += Array(";ext=\"v\"".utf8) }
        body += [13, 10]
        for _ in 0..<size { body.append(UInt8.random(in: 0...255, using: &random)) }
        body += [13, 10]
      }
      body += Array("0\r\n".utf8)
      if Bool.random(using: &random) { body += Array("T: v\r\n".utf8) }
      body += Array("\r\nnext".utf8)
      if round % 3 == 0 { body = mutate(body, using: &random) }
      let whole = DecodedBody(.chunked, body, by: body.count)
      for size in [1, 2, 3, 7, 64] {
        let pieces = DecodedBody(.chunked, body, by: size)
        #expect(pieces.end == whole.end)
        #expect(whole.end != .end || pieces == whole)
      }
    }
  }
}
