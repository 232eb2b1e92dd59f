import TestSupport
import Testing

@testable import Wire

struct EightBytesTests {
  /// Each byte at each place of spans of each length around eight: the place that is found is the one a loop finds.
  @Test func theFirstMarkIsRightEverywhere() {
    for count in 1..<18 {
      for place in 0..<count {
        for byte in UInt8.min...UInt8.max {
          var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: count)
          bytes[place] = byte
          let span = bytes.span
          let stops = byte != UInt8(ascii: "a")
          guard span.firstIndex(of: byte) == (stops ? place : 0),
            span.endOfTarget(from: 0)
              == (byte > 32 && byte < 127 && byte != UInt8(ascii: "#") ? count : place),
            span.endOfFieldValue(from: 0)
              == (byte == 9 || byte >= 32 && byte != 127 ? count : place),
            span.firstPlace({ $0.marksBeyondASCII }) == (byte >= 128 ? place : count)
          else {
            Issue.record("byte \(byte) at \(place) of \(count)")
            return
          }
        }
      }
    }
  }

  /// Carries run from lower bytes to higher ones, so what stands before must never move a mark down, nor hide one.
  @Test func neighboursDoNotMoveTheFirstMark() {
    for before in UInt8.min...UInt8.max {
      for byte in UInt8.min...UInt8.max {
        let bytes = [before, byte, before, byte, byte, before, before, byte]
        let eight = bytes.span.eightBytes(at: 0)
        let wanted = bytes.firstIndex { $0 < 0x21 } ?? 8
        guard eight.marks(below: 0x21).trailingZeroBitCount / 8 == wanted,
          eight.marks(of: byte).trailingZeroBitCount / 8 == bytes.firstIndex(of: byte)
        else {
          Issue.record("\(byte) behind \(before)")
          return
        }
      }
    }
  }

  @Test func aSpanIsReadFromAnyPlaceToItsEnd() {
    let bytes = (1...17).map { UInt8($0) }
    for count in 1...17 {
      for place in 0..<count {
        let wanted = (0..<8).map { place + $0 < count ? bytes[place + $0] : 0 }
        let eight = bytes.span.extracting(first: count).eightBytes(at: place)
        let expected = wanted.span.eightBytes(at: 0)
        #expect(eight == expected, "\(place) of \(count)")
      }
    }
  }

  @Test func onlyCapitalsOfASCIIAreLowered() {
    for byte in UInt8.min...UInt8.max {
      let bytes = [byte, 0x41, byte, 0x5A, 0x5B, byte, 0x40, 0xC3, byte]
      var buffer = ByteBuffer(capacity: 9)
      buffer.append(asciiLowercased: bytes.span)
      let count = buffer.count
      #expect(count == bytes.count)
      for i in 0..<min(count, bytes.count) where buffer.bytes[i] != bytes[i].asciiLowercased {
        Issue.record("byte \(byte) at \(i)")
      }
    }
  }

  @Test func everyCharacterIsEscapedAtEveryPlace() {
    let references: [UInt8: String] = [
      UInt8(ascii: "&"): "&amp;", UInt8(ascii: "<"): "&lt;", UInt8(ascii: ">"): "&gt;",
      UInt8(ascii: "'"): "&apos;", UInt8(ascii: "\""): "&quot;", 9: "&#9;", 10: "&#10;",
      13: "&#13;",
    ]
    for place in 0..<17 {
      for byte in UInt8.min..<0x80 {
        var bytes = Array("abcXYZ019abcXYZ01".utf8)
        bytes[place] = byte
        let expected = bytes.map { byte in
          references[byte] ?? (byte < 0x20 ? "\u{FFFD}" : String(decoding: [byte], as: UTF8.self))
        }.joined()
        guard written({ $0.append(xml: bytes.span) }) == expected else {
          Issue.record("byte \(byte) at \(place)")
          return
        }
      }
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17])
  func equalBytesAreEqualAndOthersAreNot(_ count: Int) {
    let bytes = [UInt8](repeating: 7, count: count)
    let isItself = bytes.span.equals(bytes.span)
    #expect(isItself)
    for place in 0..<count {
      var other = bytes
      other[place] ^= 0x80
      let isOther = bytes.span.equals(other.span)
      #expect(!isOther, "\(place)")
    }
  }
}
