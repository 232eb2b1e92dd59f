import TestSupport
import Testing

@testable import Wire

@Suite struct XMLReaderTests {
  /// A document, and what is read of it: `<a` and `a>` for the start and end of an element, text in quotes; nil where it is refused.
  struct Row: Sendable {
    let document: String
    let expected: String?
    let reason: String

    init(_ document: String, _ expected: String?, _ reason: String) {
      self.document = document
      self.expected = expected
      self.reason = reason
    }
  }

  static let rows = [
    Row("<a/>", "<a a>", "an element that is closed where it opens"),
    Row("<a></a>", "<a a>", "an empty element"),
    Row("<a>b</a>", "<a \"b\" a>", "text"),
    Row("<a> </a>", "<a \" \" a>", "white space is text: a key may be a space"),
    Row("<a>&lt;&amp;&gt;&quot;&apos;</a>", "<a \"<&>\"'\" a>", "the five entities"),
    Row("<a>&#65;&#x42;&#x1F600;</a>", "<a \"AB\u{1F600}\" a>", "character references"),
    Row("<a>&#1;</a>", "<a \"\u{1}\" a>", "a control character, which S3 writes so"),
    Row("<a>1\r\n2\r3</a>", "<a \"1\n2\n3\" a>", "line ends, XML 1.0 section 2.11"),
    Row("<a><![CDATA[<&amp;>]]></a>", "<a '<&amp;>' a>", "a CDATA section stands for itself"),
    Row("<a><b>1</b><b/></a>", "<a <b \"1\" b> <b b> a>", "elements in an element"),
    Row("<x:a xmlns:x='u'><x:b/></x:a>", "<a <b b> a>", "prefixes are left out"),
    Row("<a b='1' c = \"2\"/>", "<a a>", "attributes are passed over"),
    Row("<?xml version='1.0'?>\n<!-- a --><a/><!-- b -->\n", "<a a>", "what may stand around"),
    Row("<a><!-- <b> --><?p <b> ?></a>", "<a a>", "what may stand inside"),
    Row("<a ><b\n/></a\t>", "<a <b b> a>", "white space in tags"),
    Row("<\u{E9}l\u{E9}ment/>", "<\u{E9}l\u{E9}ment \u{E9}l\u{E9}ment>", "a name beyond ASCII"),

    Row("", nil, "nothing"),
    Row(" ", nil, "no element"),
    Row("a", nil, "text without an element"),
    Row("<a>", nil, "an element that does not end"),
    Row("<a></b>", nil, "another end"),
    Row("<a></A>", nil, "case matters"),
    Row("<a><b></a></b>", nil, "elements that cross"),
    Row("</a>", nil, "an end without a start"),
    Row("<a/><b/>", nil, "two roots"),
    Row("<a/>b", nil, "text behind the root"),
    Row("<a/><![CDATA[b]]>", nil, "CDATA behind the root"),
    Row("<!DOCTYPE a><a/>", nil, "a document type"),
    Row("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", nil, "an entity of its own"),
    Row("<a>&b;</a>", nil, "an entity that nobody declared"),
    Row("<a>& </a>", nil, "an ampersand alone"),
    Row("<a>&amp</a>", nil, "an entity that does not end"),
    Row("<a>&#xD800;</a>", nil, "half of a surrogate pair"),
    Row("<a>&#x110000;</a>", nil, "beyond Unicode"),
    Row("<a>&#;</a>", nil, "a reference to nothing"),
    Row("<a>&#xG;</a>", nil, "no hexadecimal digit"),
    Row("<a>&#-1;</a>", nil, "a sign"),
    Row("<a b/>", nil, "an attribute without a value"),
    Row("<a b=c/>", nil, "a value without quotes"),
    Row("<a b='c\"/>", nil, "a value that does not end"),
    Row("<a b='<'/>", nil, "a tag in a value"),
    Row("<a b='c'd='e'/>", nil, "no space between attributes"),
    Row("<a/ >", nil, "a space in the wrong place"),
    Row("<1/>", nil, "a name that begins with a digit"),
    Row("<a:b:c/>", nil, "two prefixes"), Row("<a:/>", nil, "a prefix of nothing"),
    Row("<:a/>", nil, "a prefix that is nothing"), Row("<a:1/>", nil, "a digit behind a prefix"),
    Row("< a/>", nil, "a space before the name"),
    Row("<a><!-- b </a>", nil, "a comment that does not end"),
    Row("<a><![CDATA[b</a>", nil, "a CDATA section that does not end"),
    Row("<?p", nil, "an instruction that does not end"),
    Row("<!>", nil, "a declaration of nothing"),
    Row("<", nil, "the beginning of a tag"),
    Row(
      String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17), nil,
      "deeper than anything of S3's"),
  ]

  @Test(arguments: rows) func document(_ row: Row) {
    #expect(read(Array(row.document.utf8)) == row.expected, "\(row.reason)")
  }

  @Test func noBeginningOfADocumentIsADocument() {
    let whole = Array(
      "<?xml version='1.0'?><a x='1'><b>c&amp;d</b><![CDATA[e]]><!-- f --></a>".utf8)
    for count in whole.indices { #expect(read(Array(whole[..<count])) == nil) }
    #expect(read(whole) != nil)
  }

  @Test func anythingIsReadToAnEnd() {
    var random = SeededGenerator(seed: 1)
    let seeds = Self.rows.map { Array($0.document.utf8) }
    for _ in 0..<5_000 {
      let bytes = mutate(
        seeds.randomElement(using: &random) ?? [], alphabet: Array("<>/&;#x1a!?-[]='\" \r\n".utf8),
        using: &random)
      var reader = XMLReader()
      // Each token but the last takes a byte at least, or closes an element that one opened.
      var tokens = 0
      while reader.isGoingOn(bytes.span), tokens <= bytes.count * 2 { tokens += 1 }
      #expect(tokens <= bytes.count * 2)
      #expect((0...16).contains(reader.depth))
    }
  }

  /// What is read of `bytes`, in the notation of the table.
  private func read(_ bytes: [UInt8]) -> String? {
    var reader = XMLReader()
    var parts: [String] = []
    while true {
      switch reader.next(bytes.span) {
      case .start(let name): parts.append("<" + bytes.span[name].text)
      case .end(let name): parts.append(bytes.span[name].text + ">")
      case .literal(let range): parts.append("'\(bytes.span[range].text)'")
      case .text(let range):
        var isText = false
        let text = written { isText = $0.append(xmlDecoded: bytes.span[range]) }
        guard isText, let text else { return nil }
        parts.append("\"\(text)\"")
      case .over: return parts.joined(separator: " ")
      case .malformed: return nil
      }
    }
  }
}

extension XMLReader {
  /// Reads one token; whether more may follow.
  fileprivate mutating func isGoingOn(_ bytes: Span<UInt8>) -> Bool {
    switch next(bytes) {
    case .over, .malformed: false
    case .start, .end, .text, .literal: true
    }
  }
}
