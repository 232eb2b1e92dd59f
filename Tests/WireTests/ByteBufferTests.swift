import Testing
import TestSupport
import Wire

struct ByteBufferTests {
  @Test func anAppendThatDoesNotFitChangesNothing() {
    var buffer = ByteBuffer(capacity: 4)
    buffer.append("abc")
    buffer.append("de")
    let (overflowed, text) = (buffer.overflowed, buffer.bytes.text)
    #expect(overflowed)
    #expect(text == "abc")
  }

  @Test(
    arguments: [(0, "0"), (9, "9"), (10, "10"), (.max, "18446744073709551615")]
      as [(UInt64, String)])
  func decimal(_ value: UInt64, _ expected: String) {
    #expect(written { $0.append(decimal: value) } == expected)
  }

  @Test func whatIsTakenMakesRoomOnceCompacted() {
    var buffer = ByteBuffer(capacity: 4)
    buffer.append("abcd")
    buffer.take(3)
    let before = buffer.room
    buffer.compact()
    let (after, text) = (buffer.room, buffer.bytes.text)
    #expect(before == 0)
    #expect(after == 3)
    #expect(text == "d")
  }

  @Test func closingAGapKeepsWhatFollows() {
    let text = written {
      $0.append("Content-Length: 00042\r\n")
      $0.closeGap(from: 19, to: 16)
    }
    #expect(text == "Content-Length: 42\r\n")
  }
}
