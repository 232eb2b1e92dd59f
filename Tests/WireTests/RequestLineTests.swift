import Testing
import Wire

/// The request line, RFC 9112 §2.2 to §3.3.
struct RequestLineTests {
  @Test(arguments: [
    HeadRow("GET / HTTP/1.1\r\nHost: a\r\n\r\n", .complete, "the least there can be"),
    HeadRow("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .complete, "one empty line before it, §2.2"),
    HeadRow("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .method, "two empty lines before it"),
    HeadRow("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .method, "a bare LF before it"),
    HeadRow("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", .lineEnd, "a bare CR before it"),
    HeadRow(" GET / HTTP/1.1\r\nHost: a\r\n\r\n", .method, "a space before the method"),
    HeadRow(" / HTTP/1.1\r\nHost: a\r\n\r\n", .method, "no method"),
    HeadRow("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", .method, "a tab behind the method, §3"),
    HeadRow("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .target, "two spaces behind the method, §3"),
    HeadRow("G\0T / HTTP/1.1\r\nHost: a\r\n\r\n", .method, "NUL in the method"),
    HeadRow("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", .method, "a delimiter in the method"),
    HeadRow("G\u{C9}T / HTTP/1.1\r\nHost: a\r\n\r\n", .method, "a byte beyond ASCII in the method"),
    HeadRow("\u{16}\u{3}\u{1}\u{2}", .method, "the beginning of TLS"),
    HeadRow("A!#$%&'*+-.^_`|~9z / HTTP/1.1\r\nHost: a\r\n\r\n", .complete, "any token is a method"),
    HeadRow("GET\r\nHost: a\r\n\r\n", .method, "a line with a method only"),
  ])
  func method(_ row: HeadRow) { row.check() }

  @Test(arguments: [
    HeadRow("GET / HTTP/1.0\r\n\r\n", .complete, "1.0 needs no Host"),
    HeadRow("GET / HTTP/1.2\r\nHost: a\r\n\r\n", .complete, "a later minor version, RFC 9110 §2.5"),
    HeadRow("GET / HTTP/1.9\r\n\r\n", .hostMissing, "which obeys the rules of 1.1"),
    HeadRow("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .versionUnsupported, "another major version"),
    HeadRow("GET / HTTP/0.9\r\nHost: a\r\n\r\n", .versionUnsupported, "a version before 1.0"),
    HeadRow("GET / HTTP/9.9\r\nHost: a\r\n\r\n", .versionUnsupported, "a version of the future"),
    HeadRow("GET / http/1.1\r\nHost: a\r\n\r\n", .version, "the name is case-sensitive, §2.3"),
    HeadRow("GET / HTTP/1.10\r\nHost: a\r\n\r\n", .version, "one digit each, §2.3"),
    HeadRow("GET / HTTP/11.1\r\nHost: a\r\n\r\n", .version, "one digit each, §2.3"),
    HeadRow("GET / HTTP/1\r\nHost: a\r\n\r\n", .version, "no minor version"),
    HeadRow("GET / HTTP/1,1\r\nHost: a\r\n\r\n", .version, "a comma for the point"),
    HeadRow("GET / HTTP/a.1\r\nHost: a\r\n\r\n", .version, "a letter for the major version"),
    HeadRow("GET / HTTP/1.a\r\nHost: a\r\n\r\n", .version, "a letter for the minor version"),
    HeadRow("GET / HTTPS/1.1\r\nHost: a\r\n\r\n", .version, "another name"),
    HeadRow("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .version, "a space behind the version, §3"),
    HeadRow("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", .version, "two spaces before the version, §3"),
    HeadRow("GET / x HTTP/1.1\r\nHost: a\r\n\r\n", .version, "a space in the target, §3.2"),
    HeadRow("GET /\r\n\r\n", .version, "HTTP/0.9"),
    HeadRow("GET / \r\n\r\n", .version, "HTTP/0.9 with a space"),
    HeadRow("GET / HTTP/1.1\nHost: a\r\n\r\n", .lineEnd, "a bare LF ends the line, §2.2"),
    HeadRow("GET / HTTP/1.1\rHost: a\r\n\r\n", .lineEnd, "a bare CR ends the line, §2.2"),
    HeadRow("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", .lineEnd, "two CR before the LF"),
    HeadRow("GET / HTTP/2.0\n", .lineEnd, "the line end counts before the version"),
  ])
  func version(_ row: HeadRow) { row.check() }

  @Test(arguments: [
    HeadRow("GET  HTTP/1.1\r\nHost: a\r\n\r\n", .target, "no target"),
    HeadRow("GET x HTTP/1.1\r\nHost: a\r\n\r\n", .target, "a path without its slash, §3.2.1"),
    HeadRow("GET ?q HTTP/1.1\r\nHost: a\r\n\r\n", .target, "a query without a path, §3.2.1"),
    HeadRow("GET /#f HTTP/1.1\r\nHost: a\r\n\r\n", .target, "a fragment is never sent, §3.2"),
    HeadRow("GET /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n", .target, "a byte beyond ASCII"),
    HeadRow("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", .target, "NUL in the target"),
    HeadRow("GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n", .target, "DEL in the target"),
    HeadRow("GET /\t HTTP/1.1\r\nHost: a\r\n\r\n", .target, "a tab in the target"),
    HeadRow(
      "GET /a\"b|c[d]{e}\\^` HTTP/1.1\r\nHost: a\r\n\r\n", .complete, "sent by sloppy clients"),
    HeadRow("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .target, "the asterisk is for OPTIONS, §3.2.4"),
    HeadRow("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", .complete, "the asterisk form, §3.2.4"),
    HeadRow("OPTIONS *x HTTP/1.1\r\nHost: a\r\n\r\n", .target, "the asterisk and more"),
    HeadRow("OPTIONS *?x HTTP/1.1\r\nHost: a\r\n\r\n", .target, "the asterisk and a query"),
    HeadRow("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", .connectMethod, "for proxies, §3.2.3"),
    HeadRow(
      "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", .target, "the authority form is CONNECT's, §3.2.3"),
    HeadRow("connect / HTTP/1.1\r\nHost: a\r\n\r\n", .complete, "methods are case-sensitive"),
    HeadRow("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .complete, "the absolute form, §3.2.2"),
    HeadRow("GET HtTpS://a HTTP/1.1\r\nHost: a\r\n\r\n", .complete, "a scheme has no case"),
    HeadRow(
      "GET http://a/ HTTP/1.1\r\n\r\n", .hostMissing, "the Host field is due all the same, §3.2.2"),
    HeadRow("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .target, "another scheme"),
    HeadRow("GET http:/a HTTP/1.1\r\nHost: a\r\n\r\n", .target, "one slash behind the scheme"),
    HeadRow("GET http:// HTTP/1.1\r\nHost: a\r\n\r\n", .target, "an empty host, RFC 9110 §4.2.1"),
    HeadRow("GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", .target, "an empty host, RFC 9110 §4.2.1"),
    HeadRow("GET http://?x HTTP/1.1\r\nHost: a\r\n\r\n", .target, "an empty host and a query"),
    HeadRow("GET http://:80/ HTTP/1.1\r\nHost: a\r\n\r\n", .target, "a port without a host"),
    HeadRow(
      "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", .target, "user information, RFC 9110 §4.2.4"),
    HeadRow(
      "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n", .target, "user information and a password"),
    HeadRow("GET http://a:b/ HTTP/1.1\r\nHost: a\r\n\r\n", .target, "a port that is no number"),
  ])
  func target(_ row: HeadRow) { row.check() }

  @Test(
    arguments: [
      ("GET", .get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("DELETE", .delete),
      ("OPTIONS", .options), ("PATCH", .other), ("get", .other), ("GETS", .other), ("GE", .other),
    ] as [(String, RequestHead.Method)])
  func methodsByName(_ name: String, _ method: RequestHead.Method) {
    #expect(Understood("\(name) / HTTP/1.1\r\nHost: a\r\n\r\n")?.method == method)
  }

  @Test(arguments: [
    ("/", "/", "", "h:1"),
    ("/slot?jid=a%40b", "/slot", "jid=a%40b", "h:1"),
    ("/a?", "/a", "", "h:1"),
    ("/a?b?c=/d", "/a", "b?c=/d", "h:1"),
    ("//a/../b", "//a/../b", "", "h:1"),
    ("http://o.example/a?b", "/a", "b", "o.example"),
    ("http://o.example:8080", "", "", "o.example:8080"),
    ("https://[::1]:80?b", "", "b", "[::1]:80"),
    ("http://o/http://p/?q=http://r/", "/http://p/", "q=http://r/", "o"),
  ])
  func partsOfTheTarget(_ target: String, _ path: String, _ query: String, _ authority: String) {
    let head = Understood("GET \(target) HTTP/1.1\r\nHost: h:1\r\n\r\n")
    #expect(head?.path == path)
    #expect(head?.query == query)
    #expect(head?.authority == authority)
  }
}
