import TestSupport
import Testing
import Wire

/// Field lines, RFC 9112 §5, and the Host field, §3.2.
struct FieldTests {
  @Test(arguments: [
    HeadRow(fields: "A:b", .complete, "no white space is needed"),
    HeadRow(fields: "A:", .complete, "an empty value, RFC 9110 §5.5"),
    HeadRow(fields: "A: \t ", .complete, "a value of white space"),
    HeadRow(fields: "A: b\tc", .complete, "a tab inside a value"),
    HeadRow(fields: "A: \u{E9}\u{80}\u{FF}", .complete, "bytes beyond ASCII, RFC 9110 §5.5"),
    HeadRow(fields: "!#$%&'*+-.^_`|~09azAZ: b", .complete, "every kind of token character"),
    HeadRow(fields: "A: b:c", .complete, "a colon in the value"),
    HeadRow(fields: "A : b", .fieldName, "a space before the colon, §5.1"),
    HeadRow(fields: "A\t: b", .fieldName, "a tab before the colon, §5.1"),
    HeadRow(fields: ": b", .fieldName, "no name"),
    HeadRow(fields: "A", .fieldName, "no colon"),
    HeadRow(fields: "A b: c", .fieldName, "a space in the name"),
    HeadRow(fields: "A\0: b", .fieldName, "NUL in the name"),
    HeadRow(fields: "A\u{E9}: b", .fieldName, "a byte beyond ASCII in the name"),
    HeadRow(fields: "A(b): c", .fieldName, "a delimiter in the name"),
    HeadRow(fields: "A: b\r\n c", .folding, "folding with a space, §5.2"),
    HeadRow(fields: "A: b\r\n\tc", .folding, "folding with a tab, §5.2"),
    HeadRow(
      "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .folding, "white space before the first field, §2.2"),
    HeadRow(fields: "A: b\0c", .fieldValue, "NUL in a value, RFC 9110 §5.5"),
    HeadRow(fields: "A: b\u{1}c", .fieldValue, "a control character in a value"),
    HeadRow(fields: "A: b\u{7F}c", .fieldValue, "DEL in a value"),
    HeadRow(fields: "A: b\nC: d", .lineEnd, "a bare LF ends a field, §2.2"),
    HeadRow(fields: "A: b\rC: d", .lineEnd, "a bare CR in a value, §2.2"),
    HeadRow("GET / HTTP/1.1\r\nHost: a\n\n", .lineEnd, "bare LF at the end"),
    HeadRow("GET / HTTP/1.1\r\nHost: a\r\n\n", .lineEnd, "a bare LF is no empty line"),
    HeadRow("GET / HTTP/1.1\r\nHost: a\r\n\rx", .lineEnd, "a bare CR is no empty line"),
  ])
  func field(_ row: HeadRow) { row.check() }

  @Test(arguments: [
    HeadRow("GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", .complete, "a host and a port"),
    HeadRow("GET / HTTP/1.1\r\nHOST:a\r\n\r\n", .complete, "names have no case"),
    HeadRow(
      "GET / HTTP/1.1\r\nHost:\r\n\r\n", .complete, "empty, where there is no authority, §3.2"),
    HeadRow("GET / HTTP/1.1\r\nHost: a:\r\n\r\n", .complete, "an empty port, RFC 3986 §3.2.3"),
    HeadRow("GET / HTTP/1.1\r\nHost: 127.0.0.1:65535\r\n\r\n", .complete, "an IPv4 address"),
    HeadRow("GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n", .complete, "an IPv6 address"),
    HeadRow("GET / HTTP/1.1\r\nHost: [::ffff:1.2.3.4]:80\r\n\r\n", .complete, "IPv4 in IPv6"),
    HeadRow(
      "GET / HTTP/1.1\r\nHost: a_b%C3%A9;=()!$&'*+\r\n\r\n", .complete,
      "what a name may hold, RFC 3986"),
    HeadRow("GET / HTTP/1.1\r\n\r\n", .hostMissing, "none, §3.2"),
    HeadRow("GET / HTTP/1.1\r\nHosts: a\r\n\r\n", .hostMissing, "another field"),
    HeadRow("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", .hostRepeated, "two, §3.2"),
    HeadRow(
      "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", .hostRepeated, "two that are equal, §3.2"),
    HeadRow("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", .hostRepeated, "two in 1.0"),
    HeadRow("GET / HTTP/1.1\r\nHost:\r\nHost: a\r\n\r\n", .hostRepeated, "two, the first empty"),
    HeadRow("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .hostInvalid, "a space"),
    HeadRow("GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", .hostInvalid, "a list"),
    HeadRow("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .hostInvalid, "a path"),
    HeadRow("GET / HTTP/1.1\r\nHost: http://a\r\n\r\n", .hostInvalid, "a URL"),
    HeadRow("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .hostInvalid, "user information"),
    HeadRow("GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", .hostInvalid, "a port that is no number"),
    HeadRow("GET / HTTP/1.1\r\nHost: a:+80\r\n\r\n", .hostInvalid, "a port with a sign"),
    HeadRow("GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n", .hostInvalid, "a port of six digits"),
    HeadRow("GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n", .hostInvalid, "two ports"),
    HeadRow("GET / HTTP/1.1\r\nHost: :80\r\n\r\n", .hostInvalid, "a port without a host"),
    HeadRow("GET / HTTP/1.1\r\nHost: ::1\r\n\r\n", .hostInvalid, "IPv6 without brackets"),
    HeadRow("GET / HTTP/1.1\r\nHost: []\r\n\r\n", .hostInvalid, "nothing in brackets"),
    HeadRow("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .hostInvalid, "a bracket left open"),
    HeadRow("GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", .hostInvalid, "something behind the bracket"),
    HeadRow("GET / HTTP/1.1\r\nHost: [a.example]\r\n\r\n", .hostInvalid, "a name in brackets"),
    HeadRow("GET / HTTP/1.1\r\nHost: \u{E9}\r\n\r\n", .hostInvalid, "a byte beyond ASCII"),
    HeadRow("GET / HTTP/1.1\r\nHost: a\"b\r\n\r\n", .hostInvalid, "a quotation mark"),
  ])
  func host(_ row: HeadRow) { row.check() }

  @Test func valuesComeWithoutWhiteSpaceAround() {
    let head = Understood(
      "GET / HTTP/1.1\r\nHost:a\r\nB: \t c d \t\r\nE:\r\nF:  \r\nb:\u{E9}\r\n\r\n")
    #expect(head?.fields == ["Host=a", "B=c d", "E=", "F=", "b=\u{FFFD}"])
  }

  @Test func theFirstOfAFieldIsFoundWhateverItsCase() {
    let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nx-a: 2\r\n\r\n".utf8)
    var head = RequestHead()
    #expect(head.parse(bytes.span) == .complete)
    let value = head.firstValue("x-a", in: bytes.span)
    let none = head.firstValue("x-b", in: bytes.span)
    #expect(value.map { bytes.span[$0].text } == "1")
    #expect(none == nil)
  }

  @Test func sixtyFourFieldsAreRead() {
    func request(_ count: Int) -> String {
      "GET / HTTP/1.1\r\nHost: a\r\n" + (1..<count).map { "F\($0): \($0)\r\n" }.joined() + "\r\n"
    }
    #expect(Understood(request(64))?.fields.last == "F63=63")
    HeadRow(request(65), .fieldsTooMany, "one more than there is room for").check()
  }

  @Test func everyByteThatMayStandInATokenIsListed() {
    // RFC 9110 §5.6.2.
    let tokens = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    for byte in UInt8.min...UInt8.max {
      #expect(byte.isTokenCharacter == tokens.utf8.contains(byte), "\(byte)")
      #expect(byte.isFieldValueCharacter == (byte == 9 || byte >= 32 && byte != 127), "\(byte)")
    }
  }
}
