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

  @Test(arguments: [
    (-3, "abcghij", "over what lay before"), (0, "abcdefghij", "not at all"),
    (2, "abcdefefghij", "to leave a gap, with what was there"), (3, nil, "beyond the room"),
  ])
  func whatFollowsIsShifted(_ distance: Int, _ expected: String?, _ reason: String) {
    let text = written(capacity: 12) {
      $0.append("abcdefghij")
      $0.shift(from: distance < 0 ? 6 : 4, by: distance)
    }
    #expect(text == expected, "\(reason)")
  }

  @Test func whatIsAppendedBehindAMarkCanBeTakenBack() {
    var buffer = ByteBuffer(capacity: 8)
    buffer.append("ab")
    buffer.append("toolong")
    buffer.append("cd")
    let overflowed = buffer.overflowed
    buffer.rollBack(to: 2)
    let (after, text) = (buffer.overflowed, buffer.bytes.text)
    #expect(overflowed)
    #expect(!after)
    #expect(text == "ab")
  }

  @Test func truncatingDoesNotForgetThatSomethingIsMissing() {
    var buffer = ByteBuffer(capacity: 2)
    buffer.append("abc")
    buffer.truncate(to: 0)
    let truncated = buffer.overflowed
    buffer.clear()
    let cleared = buffer.overflowed
    #expect(truncated)
    #expect(!cleared)
  }

  @Test(arguments: [(0, 0), (-5, 0), (3, 3), (9, 4)])
  func whatFillsTheRoomIsCountedOnce(_ claimed: Int, _ counted: Int) {
    var buffer = ByteBuffer(capacity: 6)
    buffer.append("ab")
    let result = buffer.fillRoom { span in
      for i in span.indices { span[i] = UInt8(ascii: "x") }
      return claimed
    }
    let count = buffer.count
    #expect(result == claimed)
    #expect(count == 2 + counted)
  }

  @Test(arguments: [(0, 1, "0"), (5, 3, "005"), (404, 3, "404"), (1_234, 2, "34")])
  func decimalOfAWidth(_ value: Int, _ width: Int, _ expected: String) {
    #expect(written { $0.append(decimal: value, width: width) } == expected)
  }

  @Test func hexIsLowerCase() {
    #expect(written { $0.append(hex: [0x00, 0x9A, 0xFF].span) } == "009aff")
    let all = [UInt8](0...255)
    let digits = all.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    for count in 0...9 {
      let written = written { $0.append(hex: all.span.extracting(first: count)) }
      #expect(written == String(digits.prefix(2 * count)), "\(count) bytes, four at a time or not")
    }
    #expect(written { $0.append(hex: all.span) } == digits)
  }

  @Test(arguments: ["a", "é", "€", "🦀", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10FFFF}"])
  func characters(_ character: String) {
    #expect(written { $0.append(scalar: character.unicodeScalars.first ?? " ") } == character)
  }
}
