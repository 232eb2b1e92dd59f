import TestSupport
import Testing
import Wire

@testable import EmbeddedBucket

@Suite struct ChecksumTests {
  /// The check values that the definitions give for the digits from 1 to 9, and what nothing comes to.
  static let known: [(Checksum, String, String)] = [
    (.crc32, "123456789", "cbf43926"), (.crc32, "", "00000000"),
    (.crc32c, "123456789", "e3069283"), (.crc32c, "", "00000000"),
    (.crc64nvme, "123456789", "ae8b14860a799888"), (.crc64nvme, "", "0000000000000000"),
    (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    (.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ]

  @Test(arguments: known) func value(_ checksum: Checksum, _ text: String, _ expected: String) {
    var whole = Checksum.State(checksum)
    whole.update(text.utf8.span)
    var pieces = Checksum.State(checksum)
    for byte in text.utf8 { pieces.update([byte].span) }
    for state in [whole, pieces] {
      let digest = state.finish()
      #expect(digest.count == checksum.byteCount)
      #expect(written { $0.append(hex: digest.span) } == expected)
    }
  }

  @Test(arguments: [
    ("y/Q5Jg==", true), ("y/Q5", false), ("y/Q5JgAA", false), ("", false),
    ("????????", false),
  ])
  func valueOfAField(_ text: String, _ isOne: Bool) throws {
    if isOne {
      #expect(try Checksum.crc32.read(text.utf8.span) == [0xCB, 0xF4, 0x39, 0x26])
    } else {
      #expect(throws: S3Error.self) { try Checksum.crc32.read(text.utf8.span) }
    }
  }
}
