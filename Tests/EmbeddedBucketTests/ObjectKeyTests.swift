import TestSupport
import Testing

@testable import EmbeddedBucket

@Suite struct ObjectKeyTests {
  @Test(arguments: [
    ("a", true, "the shortest"),
    ("", false, "none"),
    (String(repeating: "a", count: 1024), true, "the longest"),
    (String(repeating: "a", count: 1025), false, "a byte too long"),
    (String(repeating: "é", count: 512), true, "bytes count, not characters"),
    ("..", true, "not a name on disk"),
    ("a//b/../c\u{0}", true, "nothing in it means anything"),
  ])
  func length(_ text: String, _ isKey: Bool, _ reason: String) {
    #expect((ObjectKey(Array(text.utf8)) != nil) == isKey, "\(reason)")
  }

  @Test(arguments: ["\u{FF}", "a\u{C3}", "\u{ED}\u{A0}\u{80}", "\u{C0}\u{80}"])
  func whatIsNotUTF8IsNoKey(_ text: String) {
    #expect(ObjectKey(bytes(text)) == nil)
  }

  @Test func theNameOnDiskIsTheHashOfTheKey() throws {
    // printf a | sha256sum
    let expected = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    #expect(ObjectKey(Array("a".utf8))?.fileName == expected)
  }

  @Test func keysThatLookAlikeHaveOtherNames() {
    let keys = [
      "a", "A", "a/", "/a", "a/b", "a//b", "a/./b", ".", "..", "é", "e\u{301}", "a ", "a\u{0}",
    ]
    #expect(Set(keys.compactMap { ObjectKey(Array($0.utf8))?.fileName }).count == keys.count)
  }
}
