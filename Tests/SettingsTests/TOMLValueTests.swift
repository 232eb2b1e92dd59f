import Testing

@testable import Settings

/// What values are, and which tables may be written how (TOML 1.0).
@Suite struct TOMLValueTests {
  typealias Value = TOMLDocument.Value

  private static let fraction = Value.other(kind: "a number with a fraction")
  private static let time = Value.other(kind: "a date or time")

  @Test(
    arguments: [
      ("0", .integer(0), "zero"), ("-0", .integer(0), "a sign before zero"),
      ("+17", .integer(17), "a sign"), ("1_000", .integer(1000), "groups of digits"),
      ("0xDEAD_beef", .integer(0xDEAD_BEEF), "hexadecimal digits of either case"),
      ("0o755", .integer(0o755), "octal digits"), ("0b101", .integer(5), "binary digits"),
      ("-9223372036854775808", .integer(.min), "the smallest"),
      ("9223372036854775807", .integer(.max), "the largest"),
      ("true", .boolean(true), "a word"), ("false", .boolean(false), "the other"),
      ("1.5", fraction, "a fraction"), ("-1_0.5e-0_3", fraction, "all parts of one"),
      ("6e23", fraction, "an exponent alone"), ("-inf", fraction, "no number at all"),
      ("nan", fraction, "the other"), ("1979-05-27", time, "a day"),
      ("0000-02-29", time, "a leap year long ago"), ("07:32:00.999", time, "a time of any day"),
      ("1979-05-27T07:32:00Z", time, "a point in time"),
      ("1979-05-27 07:32:00.5-07:00", time, "with a blank, a fraction and a zone"),
      (#""\b\t\n\f\r\"\\""#, .text("\u{8}\t\n\u{c}\r\"\\"), "short escapes"),
      (#""\u00e9\U0001F980""#, .text("\u{e9}\u{1F980}"), "escapes by number"),
      (#"'\n"'"#, .text(#"\n""#), "no escapes"), ("''", .text(""), "nothing in quotes"),
      ("\"\"\"\"\"\"", .text(""), "nothing in six"),
      ("'''''x'''''", .text("''x''"), "quotes inside"),
      ("\"\"\"\r\na\r\nb\n\"\"\"", .text("a\nb\n"), "the first line end is none, all are one LF"),
      ("\"\"\"a\\  \n\n  b\"\"\"", .text("ab"), "a line that goes on in another"),
      (
        "[ 1, 'a', [ ], { } , ]", .list([.integer(1), .text("a"), .list([]), .table([:])]), "a list"
      ),
      (
        "{ b.c = 1, b.d = 2 }", .table(["b": .table(["c": .integer(1), "d": .integer(2)])]),
        "a table"
      ),
    ] as [(String, Value, String)])
  func value(_ text: String, _ expected: Value, _ reason: String) throws {
    #expect(try TOMLDocument("a = \(text) # b\n").root == ["a": expected], "\(reason)")
  }

  @Test(arguments: [
    ("01", "a zero in front"), ("-0x1", "a sign before hexadecimal digits"), ("0x", "no digits"),
    ("0b2", "a digit too large"), ("1__0", "two underscores"), ("_1", "one in front"),
    ("1_", "one behind"), ("+-1", "two signs"), ("9223372036854775808", "too large"),
    ("1.", "no fraction"), (".5", "no whole"), ("1.5e", "no exponent"), ("1e1.5", "a crooked one"),
    ("00.5", "zeros in front"), ("1.e5", "a dot alone"), ("True", "another case"), ("yes", "YAML"),
    ("1979-13-01", "a month too many"), ("1979-02-29", "no leap year"), ("24:00:00", "an hour"),
    ("07:32", "no seconds"), ("07:32:00.", "a dot alone"), ("1979-05-27T", "no time"),
    ("1979-05-27T07:32:00+7:00", "a short zone"), ("1979-05-27  07:32:00", "two blanks"),
    (#""\x41""#, "an escape of TOML 1.1"), (#""\u00e""#, "too few digits"),
    (#""\uD800""#, "half a character"), (#""\u+041""#, "a sign"), ("\"a\u{7}\"", "a control"),
    ("'a\rb'", "a CR alone"), ("\"\"\"a\\ b\"\"\"", "a blank escaped"),
    ("'''''''''", "nine quotes"),
    ("{ b = 1, }", "a comma behind"), ("{ b = 1, b = 2 }", "twice"), ("[1 2]", "no comma"),
    ("[,]", "a comma alone"), ("{ b = 1, b.c = 2 }", "into a number"),
  ])
  func noValue(_ text: String, _ reason: String) {
    #expect(throws: SyntaxFault.self, "\(reason)") { try TOMLDocument("a = \(text)") }
  }

  @Test(arguments: [
    ("[a.b]\n[a]", "the table around one, later"), ("a.b.c = 1\na.b.d = 2", "dotted keys"),
    ("[[a]]\n[[a.b]]\n[a.c]\n[[a]]\n[a.c]", "below the parts of an array"),
    ("[a]\nb.c = 1\n[a.b.d]", "a header below a dotted key"),
    ("[a.b]\n[c]\n[a.d]", "out of order"),
  ])
  func mayBeWritten(_ text: String, _ reason: String) {
    #expect(throws: Never.self, "\(reason)") { try TOMLDocument(text) }
  }

  @Test(arguments: [
    ("a = 1\na = 1", "a key twice"), ("a = 1\n'a' = 1", "in other quotes"),
    ("[a]\n[a]", "a table twice"), ("[a]\n[[a]]", "a table and an array"),
    ("[[a]]\n[a]", "an array and a table"), ("a = []\n[[a]]", "a list is closed"),
    ("a = {}\n[a.b]", "an inline table is closed"), ("a = { b = 1 }\na.c = 2", "to keys too"),
    ("[[a]]\n[a.b]\n[a.b]", "twice below one part"), ("a.b = 1\n[a]", "a header over dotted keys"),
    ("[a.b]\n[a]\nb.c = 1", "dotted keys over a header"), ("a = 1\n[a.b]", "into a number"),
    ("[a]\nb.c = 1\n[a.b]", "a header over dotted keys of another"), ("a = 1\r", "a CR alone"),
    ("a = { b.c = 1 }\n[a.b]", "into an inline table"), ("# \u{1}", "a control in a comment"),
  ])
  func mayNotBeWritten(_ text: String, _ reason: String) {
    #expect(throws: SyntaxFault.self, "\(reason)") { try TOMLDocument(text) }
  }
}
