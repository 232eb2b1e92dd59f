import FoundationEssentials
import TestSupport
import Testing
import Wire

struct EscapingTests {
  @Test(arguments: [
    ("", "", "nothing"), ("très cool.jpg", "très cool.jpg", "UTF-8 stays"),
    ("\"\\/", "\\\"\\\\/", "quotation marks and backslashes"),
    ("a\nb\tc\0\u{1F}", "a\\nb\\u0009c\\u0000\\u001f", "control characters"),
    ("\u{7F}\u{2028}🦀", "\u{7F}\u{2028}🦀", "what JSON allows, RFC 8259 §7"),
  ])
  func json(_ text: String, _ expected: String, _ reason: String) throws {
    let escaped = written { $0.append(json: text.utf8.span) }
    #expect(escaped == expected, "\(reason)")
    let read = try JSONDecoder().decode([String].self, from: Data("[\"\(expected)\"]".utf8))
    #expect(read == [text], "\(reason)")
  }

  @Test(arguments: [
    ("https://a/?b=c&d='<e>'\"", "https://a/?b=c&amp;d=&apos;&lt;e&gt;&apos;&quot;", "markup"),
    ("a\tb\nc\r", "a&#9;b&#10;c&#13;", "what an attribute would make spaces of, XML 1.0 §3.3.3"),
    ("\0\u{1}\u{1F}", "\u{FFFD}\u{FFFD}\u{FFFD}", "what XML cannot hold, XML 1.0 §2.2"),
    ("\u{FFFE}\u{FFFF}\u{FFFD}", "\u{FFFD}\u{FFFD}\u{FFFD}", "noncharacters that XML cannot hold"),
    ("\u{7F}ÿ\u{FFBF}\u{1FFFF}🦀", "\u{7F}ÿ\u{FFBF}\u{1FFFF}🦀", "all else stays"),
  ])
  func xml(_ text: String, _ expected: String, _ reason: String) {
    #expect(written { $0.append(xml: text.utf8.span) } == expected, "\(reason)")
  }
}
