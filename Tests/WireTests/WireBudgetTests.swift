import TestSupport
import Testing
import Wire

/// What reading a request and writing an answer may allocate: nothing.
///
/// `swift test -c release -Xswiftc -enable-testing --filter Budget`
@Suite(.enabled(if: hasBudgets, "budgets are for release builds"))
struct WireBudgetTests {
  @Test func theCounterCounts() {
    var kept: [[UInt8]] = []
    let count = allocations { kept.append([UInt8](repeating: 1, count: 1_000)) }
    #expect(count >= 1)
    #expect(kept.count == 1)
  }

  @Test func aHeadAndItsAnswer() {
    let request = bytes(RequestHeadTests.ejabberd)
    var scratch = ByteBuffer(capacity: 64)
    let date = HTTPDate(unixSeconds: 1_795_255_872, scratch: &scratch)
    var buffer = ByteBuffer(capacity: 4_096)
    var head = RequestHead()
    var complete = 0
    let count = allocations {
      for _ in 0..<1_000 {
        guard head.parse(request.span) == .complete else { return }
        complete += 1
        buffer.clear()
        var writer = ResponseWriter(
          into: buffer, date: date, version: head.version, keepsAlive: head.keepsAlive,
          withoutBody: false)
        writer.begin(.ok)
        writer.field("Content-Type", "text/plain")
        writer.beginBody()
        writer.buffer.append(percentEncoded: request.span[head.query])
        writer.endBody()
        buffer = writer.finish()
      }
    }
    #expect(complete == 1_000)
    #expect(count == 0)
  }

  @Test func aBodyOfJSON() {
    let body = bytes(
      #"{"jid":"romeo@localhost","size":234,"purpose":"ephemeral","host":"upload.localhost","#
        + #""name":"tr\u00e8s.jpg","nested":[{"a":["b",null]}]}"#)
    var scratch = ByteBuffer(capacity: 4_096)
    var members = 0
    let count = allocations {
      for _ in 0..<1_000 {
        scratch.clear()
        var reader = JSONObjectReader()
        reading: while true {
          switch reader.next(body.span, &scratch) {
          case .member: members += 1
          case .end, .malformed: break reading
          }
        }
      }
    }
    #expect(members == 6_000)
    #expect(count == 0)
  }

  @Test func aBodyInChunks() {
    let body = bytes("5;a=b\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nX: y\r\n\r\n")
    var payload = 0
    let count = allocations {
      for _ in 0..<1_000 {
        var decoder = BodyDecoder(.chunked)
        var at = 0
        decoding: while true {
          switch decoder.next(body.span.extracting(droppingFirst: at)) {
          case .skip(let count): at += count
          case .payload(let count):
            payload += count
            at += count
          case .more, .end, .refused: break decoding
          }
        }
      }
    }
    #expect(payload == 21_000)
    #expect(count == 0)
  }
}
