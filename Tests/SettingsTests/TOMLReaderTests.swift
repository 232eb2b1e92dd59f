import Testing

@testable import Settings

@Suite struct TOMLReaderTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var path: [String]
    var place: TextPlace
    var testDescription: String

    init(_ text: String, _ path: [String], _ line: Int, _ column: Int, _ reason: String) {
      (self.text, self.path, place) = (text, path, TextPlace(line: line, column: column))
      testDescription = reason
    }
  }

  @Test(arguments: [
    Case("a = 1", ["a"], 1, 1, "the first key"),
    Case("# a = 1\n\n  a = 1", ["a"], 3, 3, "behind a comment, an empty line and blanks"),
    Case("\u{feff}a = 1\nb = 2", ["b"], 2, 1, "behind a byte order mark"),
    Case("a = 1\r\nb = 2\r\n", ["b"], 2, 1, "lines that end with CR LF"),
    Case("a.b.c = 1", ["a", "b"], 1, 1, "a table that a dotted key makes"),
    Case("a . b = 1", ["a", "b"], 1, 1, "blanks around the dot"),
    Case("[t]\na = 1\nb = 2", ["t", "b"], 3, 1, "a key of a table"),
    Case("[t.u]\n", ["t"], 1, 1, "the table around a table"),
    Case("[ t . u ]\na = 1", ["t", "u", "a"], 2, 1, "blanks inside a header"),
    Case(
      "[hosts.\"upload.@HOST@\"]\ns3.region = 'x'", ["hosts", "upload.@HOST@", "s3", "region"], 2,
      1, "a quoted key with dots and @"),
    Case("['a.b']\nc = 1", ["a.b", "c"], 2, 1, "a literal key"),
    Case(#""a\"\\\t\u00e9" = 1"#, ["a\"\\\t\u{e9}"], 1, 1, "escapes in a key"),
    Case("a = \"x = 1\"\nb = 1", ["b"], 2, 1, "a key inside a text is none"),
    Case("a = \"\\\"\"\nb = 1", ["b"], 2, 1, "an escaped quote does not end a text"),
    Case("a = '\\'\nb = 1", ["b"], 2, 1, "a literal text has no escapes"),
    Case("a = \"\"\"\nx = 1\n[t]\n\"\"\"\nb = 1", ["b"], 5, 1, "a text of several lines"),
    Case("a = \"\"\"x\"\"\"\"\"\nb = 1", ["b"], 2, 1, "two quotes before the three that end it"),
    Case("a = '''\n'' # '''\nb = 1", ["b"], 3, 1, "a literal text of several lines"),
    Case("a = \"\"\"x \\\n  y\"\"\"\nb = 1", ["b"], 3, 1, "an escaped line end"),
    Case("a = [\n  1, # one\n  2,\n]\nb = 1", ["b"], 5, 1, "a list of several lines"),
    Case("a = [\n  \"x\",\n  \"y\",\n]", ["a", "1"], 3, 3, "a part of a list"),
    Case("a = [[1, 2], [\n3]]", ["a", "1", "0"], 2, 1, "a part of a list in a list"),
    Case("a = { b = 1, c.d = 2 }", ["a", "c", "d"], 1, 14, "a key of an inline table"),
    Case("a = [{ b = 1 },\n{ b = 2 }]", ["a", "1", "b"], 2, 3, "an inline table in a list"),
    Case("[[l]]\na = 1\n[[l]]\na = 2", ["l", "1", "a"], 4, 1, "a table of an array"),
    Case(
      "[[l]]\n[l.t]\na = 1\n[[l]]\n[l.t]\na = 2", ["l", "1", "t", "a"], 6, 1,
      "a table below one of an array"),
    Case(
      "[[l]]\n[[l.m]]\n[[l.m]]\na = 1", ["l", "0", "m", "1", "a"], 4, 1, "an array below an array"),
    Case("a = 1979-05-27 07:32:00 # x\nb = 1", ["b"], 2, 1, "a date with a blank before its time"),
    Case("a = 1\n[t]\nb = 1\n[u]\n[t.v]", ["t"], 2, 1, "a table keeps its first place"),
  ]) func places(_ row: Case) throws {
    let reader = try TOMLReader(row.text)
    #expect(reader.places[TOMLPath(row.path)] == row.place)
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    var text: String
    var place: TextPlace
    var words: String
    var testDescription: String

    init(_ text: String, _ line: Int, _ column: Int, _ words: String, _ reason: String) {
      (self.text, place, self.words) = (text, TextPlace(line: line, column: column), words)
      testDescription = reason
    }
  }

  @Test(arguments: [
    Refused(
      "a = 1\n[@HOST@]", 2, 2, "a key of letters", "a header that begins with no key"),
    Refused("[[[a]]]", 1, 3, "a key of letters", "three brackets, another one"),
    Refused("[]", 1, 2, "a key of letters", "an empty header"),
    Refused("[[]]", 1, 3, "a key of letters", "an empty header of an array"),
    Refused("[a", 1, 3, "must end with ]", "a header without its end"),
    Refused("[[a]", 1, 5, "must end with ]]", "half the end of an array's header"),
    Refused("[a] b = 1", 1, 5, "only a comment", "a key behind a header"),
    Refused("[hosts.upload.@HOST@]", 1, 15, "a key of letters", "a host without quotes"),
    Refused("= 1", 1, 1, "a key of letters", "no key"),
    Refused("a", 1, 2, "must be followed by =", "no value"),
    Refused("a: 1", 1, 2, "must be followed by =", "YAML"),
    Refused("a =\nb = 1", 1, 4, "a value is missing", "no value on the line"),
    Refused("a = upload.example.org", 1, 5, "must stand in \"quotes\"", "a text without quotes"),
    Refused("a = 1 b = 2", 1, 7, "only a comment", "two keys on a line"),
    Refused("a = \"x\nb = \"y\"", 1, 5, "has no closing quote", "a text without its end"),
    Refused("a = 1\nb = '''x\n\n", 2, 5, "has no closing quote", "a text of lines without its end"),
    Refused("a = [1\nb = 2", 2, 1, "commas between", "a list without its end"),
    Refused("a = [1,\n2", 1, 5, "never ends", "a list cut off"),
    Refused("a = [\n", 1, 5, "never ends", "a list that only begins"),
    Refused("a = { b = 1\n}", 1, 12, "on one line", "an inline table of two lines"),
    Refused("a = 1\nb = \"x\\u0000y\"", 2, 7, "NUL", "a NUL, at which C would end the text"),
    Refused("a = \"\\U00000000\"", 1, 6, "NUL", "a NUL in eight digits"),
    Refused("a = 1\n\0b = 2", 2, 1, "a key of letters", "a NUL outside of texts"),
    Refused("a = 'x\0'", 1, 7, "NUL", "a NUL in a text"),
    Refused("# \0\na = 1", 1, 3, "NUL", "a NUL in a comment"),
    Refused("\"\"\"a\"\"\" = 1", 1, 1, "several lines", "a key of several lines"),
    Refused(
      "a = " + String(repeating: "[", count: 1000), 1, 69, "nested too deeply", "a thousand lists"),
    Refused(
      String(repeating: "a.", count: 1000) + "a = 1", 1, 130, "too many parts", "a thousand tables"),
  ]) func refuses(_ row: Refused) {
    let fault = #expect(throws: SyntaxFault.self) { try TOMLReader(row.text) }
    #expect(fault?.place == row.place)
    #expect(fault?.sentence.contains(row.words) == true, "\(fault?.sentence ?? "")")
  }

  /// Whatever is taken has a place, each key and each part of a list; and nothing stops the process.
  @Test func placesWhateverIsTOML() throws {
    var random = Generator(state: 0x5107d)
    let pieces = [
      "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\"", "'", "\"\"\"", "'''", "\n", "\r\n", " ",
      "#", "\\", "a",
      "b.c", "@", "1", "-", "true", "\\u0041", "\u{e9}", "1979-05-27", "[t]\n", "[[l]]\n",
      "x = 1\n", "0x1f", "1.5",
    ]
    let seeds = [
      contractExample,
      "[[l]]\na = [1, [2, 'x']]\n[l.t]\nb = { c = 1, d.e = \"\"\"\nx\"\"\" }\n[[l]]\nf = 'g'\n",
    ]
    var taken = 0
    for round in 0..<4000 {
      var text = Array(seeds[round % seeds.count].unicodeScalars)
      for _ in 0..<random.next(below: 4) {
        let from = random.next(below: text.count)
        let to = min(text.count, from + random.next(below: 6))
        text.replaceSubrange(
          from..<to, with: pieces[random.next(below: pieces.count)].unicodeScalars)
      }
      var string = String.UnicodeScalarView()
      string.append(contentsOf: text)
      guard let reader = try? TOMLReader(String(string)) else { continue }
      taken += 1
      let missing = Self.paths(.table(reader.root)).filter { reader.places[$0] == nil }
      #expect(missing == [], "\(String(string))")
    }
    #expect(taken > 1000)
  }

  private static func paths(
    _ value: TOMLDocument.Value, at path: TOMLPath = TOMLPath()
  ) -> [TOMLPath] {
    let inner: [TOMLPath] =
      switch value {
      case .table(let table): table.flatMap { paths($0.value, at: path.appending($0.key)) }
      case .list(let list):
        list.enumerated().flatMap { paths($0.element, at: path.appending(String($0.offset))) }
      default: []
      }
    return (path.parts.isEmpty ? [] : [path]) + inner
  }
}
