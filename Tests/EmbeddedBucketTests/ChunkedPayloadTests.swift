import TestSupport
import Testing

@testable import EmbeddedBucket

@Suite struct ChunkedPayloadTests {
  private static let signature = ";chunk-signature=" + String(repeating: "0", count: 64)

  static let bodies = [
    ("5\r\nhello\r\n0\r\n\r\n", "hello", "without signatures"),
    ("5\(signature)\r\nhello\r\n0\(signature)\r\n\r\n", "hello", "with signatures"),
    ("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello", "two chunks"),
    ("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", "hello", "a trailing field"),
    ("0\r\n\r\n", "", "nothing"),
    (
      "A\r\n0\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n0\r\n\r\n", "a chunk that looks like chunks"
    ),
  ]

  private func decode(_ pieces: [[UInt8]]) -> (text: String, isOver: Bool)? {
    var payload = ChunkedPayload()
    var taken: [UInt8] = []
    for piece in pieces {
      let isFine = payload.decode(piece.span) { bytes in
        for i in bytes.indices { taken.append(bytes[i]) }
      }
      guard isFine else { return nil }
    }
    return (String(decoding: taken, as: UTF8.self), payload.isOver)
  }

  @Test(arguments: bodies) func body(_ body: String, _ expected: String, _ reason: String) throws {
    let bytes = Array(body.utf8)
    for cut in 0...bytes.count {
      let decoded = try #require(decode([Array(bytes[..<cut]), Array(bytes[cut...])]))
      #expect(decoded == (expected, true), "\(reason), cut at \(cut)")
    }
    let decoded = try #require(decode(bytes.map { [$0] }))
    #expect(decoded == (expected, true), "\(reason), byte by byte")
    for cut in 0..<bytes.count {
      #expect(decode([Array(bytes[..<cut])])?.isOver == false, "\(reason), short")
    }
  }

  @Test func trailingFieldsAreKept() {
    let body = Array("2\r\nhi\r\n0\r\nX-Amz-Checksum-CRC32: AAAAAA== \r\nx-other:a:b\r\n\r\n".utf8)
    for cut in 0...body.count {
      var payload = ChunkedPayload()
      for piece in [body[..<cut], body[cut...]] {
        #expect(payload.decode(Array(piece).span) { _ in })
      }
      #expect(payload.trailing("x-amz-checksum-crc32") == Array("AAAAAA==".utf8), "cut at \(cut)")
      #expect(payload.trailing("x-other") == Array("a:b".utf8), "cut at \(cut)")
      #expect(payload.trailing("hi") == nil)
    }
  }

  @Test(arguments: [
    ("hello", "no size"),
    ("5\r\nhello0\r\n\r\n", "no end of the chunk"),
    ("5\nhello\r\n0\r\n\r\n", "a bare LF"),
    ("0\r\n\r\nx", "something behind the end"),
    ("5" + String(repeating: "0", count: 40) + "\r\n", "a size beyond numbers"),
    ("0\r\nx y\r\n\r\n", "no field"),
    ("0\r\n" + String(repeating: "a", count: 5000), "a trailing field without an end"),
  ])
  func malformed(_ body: String, _ reason: String) {
    #expect(decode([Array(body.utf8)]) == nil, "\(reason)")
    #expect(decode(body.utf8.map { [$0] }) == nil, "\(reason), byte by byte")
  }
}
