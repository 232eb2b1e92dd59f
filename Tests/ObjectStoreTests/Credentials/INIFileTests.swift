import Testing

@testable import ObjectStore

/// The files of AWS's programs.
struct INIFileTests {
  struct Row: Sendable {
    let text: String
    let section: String
    let value: String?
    let reason: String

    init(_ text: String, in section: String = "default", _ value: String?, _ reason: String) {
      (self.text, self.section, self.value, self.reason) = (text, section, value, reason)
    }
  }

  @Test(arguments: [
    Row("[default]\nkey = value\n", "value", "the usual"),
    Row("[default]\r\nkey=value\r\n", "value", "no blanks, and CR LF"),
    Row(
      "\u{9}[default]\n\u{9}key\u{9}=\u{9}value\u{9}\n", "value", "tabs, and indented properties"),
    Row("[ default ] # why\nkey = value", "value", "blanks in brackets, a remark, no end of line"),
    Row("# [other]\n; x\n[default]\n\n  # y\nkey = value", "value", "remarks and empty lines"),
    Row("[default]\nKEY = value", "value", "names of properties have no case"),
    Row("[default]\nkey = a=b/+==", "a=b/+==", "an = in the value"),
    Row("[default]\nkey = a#b;c", "a#b;c", "no remark without white space"),
    Row("[default]\nkey = value # a remark", "value", "a remark"),
    Row("[default]\nkey = value\t; a remark", "value", "the other sort of remark"),
    Row("[default]\nkey = a b", "a b", "blanks inside"),
    Row("[default]\nkey = 1\nkey = 2", "2", "the last one counts"),
    Row("[default]\nkey = 1\n[other]\nkey = 2", "1", "of the right section"),
    Row("[default]\nkey = 1\n[other]\n[default]\nother = 2", "1", "a section that goes on"),
    Row("[default]\ns3 =\n  key = 1\nother = 2", nil, "a property of a property"),
    Row("[default]\ns3 =\n  other = 1\nkey = 2", "2", "after the properties of a property"),
    Row("[default]\n  s3 =\n    key = 1\n  other = 2", nil, "the same, all indented"),
    Row("[default]\nkey =\n", nil, "nothing in it"),
    Row("[default]\n", nil, "not there"),
    Row("", nil, "an empty file"),
    Row("[DEFAULT]\nkey = value", nil, "names of sections have a case"),
    Row("[profile  my  one]\nkey = value", in: "profile my one", "value", "several blanks"),
    Row(#"[profile "my one"]"# + "\nkey = value", in: "profile my one", "value", "quotes"),
    Row("[default]\nkey = \u{E9}\u{FFFD}", "\u{E9}\u{FFFD}", "letters beyond ASCII"),
  ])
  func aValueIsFound(_ row: Row) throws {
    let file = try INIFile(Array(row.text.utf8))
    #expect(file[row.section, "key"] == row.value, "\(row.reason)")
    #expect(
      String(decoding: file.secret(row.section, "key"), as: UTF8.self) == row.value ?? "",
      "\(row.reason)")
  }

  @Test(
    arguments: [
      ("[default", 1, "no bracket"),
      ("[]", 1, "no name"),
      ("[default] x", 1, "something behind the bracket"),
      ("key = value", 1, "no section"),
      ("[default]\nkey", 2, "no ="),
      ("[default]\n\n = value", 3, "no name of a property"),
      ("[default]\nkey = 1\n\n\nAKIA", 5, "a key by itself"),
    ] as [(String, Int, String)])
  func aBadLineIsNamed(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: INIFile.Fault(line: line), "\(reason)") { try INIFile(Array(text.utf8)) }
  }

  @Test func bytesThatAreNoTextAreRead() throws {
    let file = try INIFile([0x5B, 0x61, 0x5D, 0x0A, 0x6B, 0x3D, 0xFF, 0x00])
    #expect(file.secret("a", "k") == [0xFF, 0x00])
  }
}
