import TestSupport
import Testing
import Wire

/// The reader against RFC 8259, rule by rule.
struct JSONObjectReaderTests {
  @Test(
    arguments: [
      ("{}", [], "an empty object"),
      (" \t\r\n{ \t\r\n} \t\r\n", [], "all four kinds of white space, §2"),
      (#"{"a":"b"}"#, ["a=\"b\""], "a string"),
      (#"{ "a" : "b" , "c" : "d" }"#, ["a=\"b\"", "c=\"d\""], "white space around tokens, §2"),
      (#"{"a":true,"b":false,"c":null}"#, ["a=true", "b=false", "c=null"], "the three names, §3"),
      (#"{"":""}"#, ["=\"\""], "an empty name"),
      (#"{"a":0}"#, ["a=0"], "zero, §6"),
      (#"{"a":-0}"#, ["a=-0"], "minus zero, §6"),
      (#"{"a":10}"#, ["a=10"], "an integer, §6"),
      (#"{"a":-1.50}"#, ["a=-1.50"], "a fraction, §6"),
      (
        #"{"a":1e5,"b":1E+5,"c":0.1e-5,"d":0e0}"#, ["a=1e5", "b=1E+5", "c=0.1e-5", "d=0e0"],
        "exponents, §6"
      ),
      (
        #"{"a":1234567890123456789012345678901}"#, ["a=1234567890123456789012345678901"],
        "31 digits"
      ),
      (#"{"a":1e999999}"#, ["a=1e999999"], "more than any number type holds"),
      (#"{"\u0061\u00e9":"\u20AC\ud83e\udD80"}"#, ["aé=\"€🦀\""], "escapes of either case, §7"),
      (#"{"a":"\"\\\/\b\f\n\r\t"}"#, ["a=\"\"\\/\u{8}\u{C}\n\r\t\""], "the short escapes, §7"),
      (#"{"a":"\u0000"}"#, ["a=\"\0\""], "NUL, escaped"),
      (#"{"a":"\uFFFF\uDBFF\uDFFF"}"#, ["a=\"\u{FFFF}\u{10FFFF}\""], "noncharacters"),
      ("{\"a\":\"é€🦀\u{7F}\u{2028}\"}", ["a=\"é€🦀\u{7F}\u{2028}\""], "UTF-8 stays, DEL too, §7"),
      (#"{"a":[]}"#, ["a=[]"], "an empty array"),
      (#"{"a":{}}"#, ["a=[]"], "an empty object inside"),
      (
        #"{"a":[1,"b",[true,null],{"c":{"d":[]}}],"e":2}"#, ["a=[]", "e=2"],
        "nested values are passed over"
      ),
      (#"{"a": [ 1 , { "b" : [ ] , "c" : "d" } ] }"#, ["a=[]"], "with white space"),
      (#"{"a":{"b":1,"b":2}}"#, ["a=[]"], "names are unique among members of one object only"),
      (#"{"a":1,"A":2}"#, ["a=1", "A=2"], "names have case"),
      (#"{"e\u0301":1,"é":2}"#, ["e\u{301}=1", "é=2"], "and are not normalized, §8.3"),
    ] as [(String, [String], String)])
  func good(_ text: String, _ members: [String], _ reason: String) {
    // Compared by their bytes: Swift's strings are equal where Unicode says so.
    #expect(read(text)?.map { Array($0.utf8) } == members.map { Array($0.utf8) }, "\(reason)")
    let object =
      text.utf8.count - text.reversed().prefix { $0 != "}" }.reduce(0) { $0 + $1.utf8.count }
    for count in 0..<object {
      let cut = JSONReading(Array(text.utf8.prefix(count))).members
      #expect(cut == nil, "cut after \(count) bytes: \(reason)")
    }
  }

  @Test(arguments: [
    ("", "nothing"), (" ", "white space only"), ("[]", "an array"), ("\"a\"", "a string"),
    ("1", "a number"), ("null", "a name"), ("\u{FEFF}{}", "a byte order mark, §8.1"),
    ("{}{}", "two objects"), ("{},", "a comma behind"), ("{}#", "a comment"),
    ("{}\0", "NUL behind"),
    ("\u{C}{}", "a form feed is no white space"), ("\u{A0}{}", "nor is a no-break space"),
    ("{", "not closed"), ("}", "not opened"), ("{]", "closed by the other bracket"),
    (#"{"a"}"#, "a name alone"), (#"{"a":}"#, "no value"), (#"{:1}"#, "no name"),
    (#"{a:1}"#, "a name without quotation marks"), (#"{'a':1}"#, "apostrophes"),
    (#"{1:1}"#, "a number as a name"), (#"{null:1}"#, "null as a name"),
    (#"{"a" 1}"#, "no colon"), (#"{"a"::1}"#, "two colons"), (#"{"a"=1}"#, "another sign"),
    (#"{"a":1,}"#, "a comma and nothing behind it"),
    (#"{,"a":1}"#, "a comma and nothing before it"),
    (#"{"a":1,,"b":2}"#, "two commas"), (#"{"a":1 "b":2}"#, "no comma"),
    (#"{"a":1;"b":2}"#, "a semicolon"), (#"{"a":1"b":2}"#, "no comma"),
    (#"{"a":1 2}"#, "two values"),
    (#"{"a":1}}"#, "closed twice"), (#"{"a":1]"#, "closed by the other bracket"),
    (#"{"a":1/**/}"#, "a comment"),
    (#"{"a":tru}"#, "a word cut short"), (#"{"a":truth}"#, "a word that begins well"),
    (#"{"a":truex}"#, "a word and more"), (#"{"a":True}"#, "a capital"),
    (#"{"a":nul}"#, "cut short"),
    (#"{"a":NaN}"#, "not a number, §6"), (#"{"a":Infinity}"#, "infinity, §6"),
    (#"{"a":undefined}"#, "another language"),
    (#"{"a":+1}"#, "a plus sign, §6"), (#"{"a":-}"#, "a sign alone"), (#"{"a":--1}"#, "two signs"),
    (#"{"a":- 1}"#, "a space behind the sign"), (#"{"a":01}"#, "a leading zero, §6"),
    (#"{"a":-01}"#, "a leading zero, §6"), (#"{"a":00}"#, "two zeros"),
    (#"{"a":.5}"#, "no integer part"),
    (#"{"a":1.}"#, "no digit behind the point"), (#"{"a":-.5}"#, "no integer part"),
    (#"{"a":1.e5}"#, "no digit between"), (#"{"a":1.2.3}"#, "two points"),
    (#"{"a":1e}"#, "no exponent"),
    (#"{"a":1e+}"#, "a sign and no exponent"), (#"{"a":1e+-5}"#, "two signs"),
    (#"{"a":1e5.0}"#, "a fraction"),
    (#"{"a":1eE5}"#, "two exponents"), (#"{"a":0x10}"#, "hexadecimal"), (#"{"a":0b1}"#, "binary"),
    (#"{"a":1_000}"#, "separators"), (#"{"a":1 000}"#, "separators"),
    (#"{"a":１}"#, "a full-width digit"),
    (#"{"a":1a}"#, "a letter behind"), (#"{"a":$1}"#, "a sign"),
    (#"{"a":"b}"#, "a string not closed"), (#"{"a:"b"}"#, "a name not closed"),
    (#"{"a":"b"c"}"#, "a quote inside"),
    ("{\"a\":\"b\nc\"}", "a line end inside, §7"), ("{\"a\":\"b\tc\"}", "a tab inside, §7"),
    ("{\"a\":\"\0\"}", "NUL inside, §7"), ("{\"a\":\"\u{1F}\"}", "a control character inside, §7"),
    ("{\"\t\":1}", "a tab in a name"),
    (#"{"a":"\"}"#, "an escaped end"), (#"{"a":"\a"}"#, "no such escape, §7"),
    (#"{"a":"\x41"}"#, "nor this"),
    (#"{"a":"\0"}"#, "nor this"), (#"{"a":"\'"}"#, "nor this"), ("{\"a\":\"\\\n\"}", "nor this"),
    (#"{"a":"\U0041"}"#, "a capital u"), (#"{"a":"\u004"}"#, "three digits"),
    (#"{"a":"\u00G1"}"#, "no digit"),
    (#"{"a":"\u"}"#, "no digits"), (#"{"a":"\u+041"}"#, "a sign among them"),
    (#"{"a":"\u 041"}"#, "a space among them"),
    (#"{"a":"\ud83e"}"#, "half of a pair, §8.2"), (#"{"a":"\udd80"}"#, "the other half, §8.2"),
    (#"{"a":"\ud83ex"}"#, "half of a pair and a letter"),
    (#"{"a":"\ud83e\n"}"#, "half of a pair and an escape"),
    (#"{"a":"\ud83e\ud83e"}"#, "the same half twice"),
    (#"{"a":"\ud83e\u0041"}"#, "half of a pair and a character"),
    (#"{"\ud83e":1}"#, "half of a pair in a name"),
    (#"{"a":[}"#, "an array not closed"), (#"{"a":[1}"#, "closed by the other bracket"),
    (#"{"a":{]}"#, "closed by the other bracket"),
    (#"{"a":[1,]}"#, "a comma and nothing behind it"),
    (#"{"a":[,1]}"#, "a comma and nothing before it"), (#"{"a":[1 2]}"#, "no comma"),
    (#"{"a":["b":1]}"#, "a name in an array"), (#"{"a":{"b"}}"#, "a name alone"),
    (#"{"a":{1}}"#, "no name"),
    (#"{"a":{"b":1,}}"#, "a comma and nothing behind it"), (#"{"a":{"b" 1}}"#, "no colon"),
    (#"{"a":[01]}"#, "a leading zero"), (#"{"a":["\x"]}"#, "no such escape"),
    (#"{"a":[tru]}"#, "cut short"),
    (#"{"a":[[]}"#, "closed once only"), (#"{"a":[]]}"#, "closed twice"),
    (#"{"a":1,"a":1}"#, "a name twice"), (#"{"a":1,"b":2,"a":3}"#, "a name twice"),
    (#"{"a":1,"\u0061":2}"#, "a name twice, once escaped"),
    (#"{"":1,"":2}"#, "the empty name twice"),
  ])
  func bad(_ text: String, _ reason: String) {
    #expect(read(text) == nil, "\(reason)")
  }

  @Test func limits() {
    func members(_ count: Int) -> String {
      "{" + (0..<count).map { "\"m\($0)\":\($0)" }.joined(separator: ",") + "}"
    }
    #expect(read(members(32))?.count == 32)
    #expect(read(members(33)) == nil)
    func nested(_ depth: Int, _ open: String, _ close: String) -> String {
      "{\"a\":" + String(repeating: open, count: depth) + "0"
        + String(repeating: close, count: depth)
        + ",\"b\":1}"
    }
    #expect(read(nested(64, "[", "]")) == ["a=[]", "b=1"])
    #expect(read(nested(64, "{\"x\":", "}")) == ["a=[]", "b=1"])
    #expect(read(nested(65, "[", "]")) == nil)
    #expect(read("{\"a\":" + String(repeating: "[", count: 10_000)) == nil)
  }

  @Test func stringsNeedNoMoreRoomThanTheObject() {
    // Strings inside nested values are checked and forgotten one by one.
    let inner = (0..<50).map { "\"name\($0)\":\"value\"" }.joined(separator: ",")
    let text = "{\"a\":{\(inner)},\"b\":\"c\"}"
    #expect(read(text, room: 20) == ["a=[]", "b=\"c\""])
    // What does not fit is no member.
    #expect(read(#"{"a":"0123456789"}"#, room: 10) == nil)
    #expect(read(#"{"a":"012345678"}"#, room: 10) == ["a=\"012345678\""])
  }

  private func read(_ text: String, room: Int = 65_536) -> [String]? {
    JSONReading(text, room: room).members
  }
}
