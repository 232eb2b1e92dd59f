import Slots
import TestSupport
import Testing
import Wire

/// The rules for what strangers call things: files, themselves and types.
struct NamesTests {
  @Test(arguments: [
    ("très cool.jpg", "très cool.jpg", "kept"), ("../../etc/passwd", ".._.._etc_passwd", "a path"),
    ("a\\b", "a_b", "the other slash"), ("tab\there", "tab_here", "a control"),
    ("\u{85}x", "_x", "a control of two bytes"), (".", "_", "a dot"), ("..", "__", "two dots"),
    ("...", "___", "only dots"), (".profile", ".profile", "a dot in front"),
    ("\u{202e}gnp.exe", "\u{202e}gnp.exe", "direction marks are no controls"),
  ])
  func fileName(_ name: String, _ expected: String, _ reason: String) {
    #expect(written { FileName.append(name.utf8.span, to: &$0) } == expected, "\(reason)")
  }

  @Test func everyCharacterIsJudgedAtEveryPlace() {
    for place in 0..<17 {
      for byte in UInt8.min..<0x80 {
        var bytes = Array("abcXYZ019abcXYZ01".utf8)
        bytes[place] = byte
        let name = written { FileName.append(bytes.span, to: &$0) }
        if byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") {
          bytes[place] = UInt8(ascii: "_")
        }
        guard name == String(decoding: bytes, as: UTF8.self) else {
          Issue.record("byte \(byte) at \(place)")
          return
        }
      }
    }
  }

  @Test func aLongFileNameIsCutInItsStem() throws {
    for character in ["a", "é", "語", "🦀"] {
      let name = String(repeating: character, count: 300) + ".tar.gz"
      let cut = try #require(written { FileName.append(name.utf8.span, to: &$0) })
      #expect(cut.hasSuffix(".gz"))
      #expect((252...255).contains(cut.utf8.count))
      #expect(!cut.unicodeScalars.contains("\u{FFFD}"))
    }
  }

  @Test(arguments: [
    ("romeo@montague.example/orchard", "romeo@montague.example", "montague.example"),
    ("montague.example", "montague.example", "montague.example"),
    ("romeo@montague.example./x", "romeo@montague.example", "montague.example"),
    ("a@b/c@d/e", "a@b", "b"), ("jürgen@bücher.example", "jürgen@bücher.example", "bücher.example"),
    ("a@[::1]", "a@[::1]", "[::1]"),
  ])
  func jid(_ text: String, _ bare: String, _ domain: String) {
    let bytes = text.utf8.span
    let jid = JID(ByteRange(0, bytes.count), in: bytes)
    let parts = jid.map { (bytes[$0.bare].text, bytes[$0.domain].text) }
    #expect(parts?.0 == bare)
    #expect(parts?.1 == domain)
  }

  @Test(arguments: [
    "", "@b", "a@", "a b@c", "a@b@c", "a@b c", "/x", "a\u{0}@b", "a<b@c", "a@b\n", "a@b..", ".",
  ])
  func noJID(_ text: String) {
    let bytes = text.utf8.span
    let isNone = JID(ByteRange(0, bytes.count), in: bytes) == nil
    #expect(isNone)
  }

  @Test(arguments: [
    ("image/jpeg", true), ("text/plain; charset=utf-8", true), ("TEXT/PLAIN;a=\"b;c\"", true),
    ("audio/ogg; codecs=\"op\\\"us\"", true), ("text/plain;", true), ("text", false),
    ("/plain", false), ("text/", false), ("not a type", false), ("text/plain; charset", false),
    ("text/plain; a=\"b", false), ("text /plain", false),
  ])
  func mediaType(_ text: String, _ isOne: Bool) {
    #expect(MediaType.isValid(text.utf8.span) == isOne)
  }
}
