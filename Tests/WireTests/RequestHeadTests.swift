import TestSupport
import Testing
import Wire

/// What holds for every head, and the heads that XMPP servers send.
struct RequestHeadTests {
  /// As recorded from ejabberd 23.01.
  static let ejabberd =
    "GET /slot?jid=romeo%40localhost&name=tr%C3%A8s%20cool.jpg&size=23456&content_type=image/jpeg"
    + " HTTP/1.1\r\ncontent-length: 0\r\nte: \r\nhost: 127.0.0.1:18080\r\n"
    + "connection: keep-alive\r\n\r\n"
  /// As recorded from Prosody 0.12.
  static let prosody =
    "POST /slot HTTP/1.1\r\nContent-Length: 138\r\nUser-Agent: Prosody XMPP Server\r\n"
    + "Host: 127.0.0.1:18080\r\nContent-Type: application/json\r\nAccept: application/json\r\n\r\n"

  static let good = [
    ejabberd, prosody, "GET / HTTP/1.0\r\n\r\n", "\r\nGET / HTTP/1.1\r\nHost:\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "PUT http://[::1]:80/a?b HTTP/1.1\r\nHost: c\r\nTransfer-Encoding: chunked\r\n"
      + "Expect: 100-continue\r\nConnection: close, x\r\nX: \t\u{E9} \r\n\r\n",
  ]

  @Test func ejabberdIsUnderstood() throws {
    let head = try #require(Understood(Self.ejabberd))
    #expect(head.method == .get)
    #expect(head.path == "/slot")
    #expect(
      head.query
        == "jid=romeo%40localhost&name=tr%C3%A8s%20cool.jpg&size=23456&content_type=image/jpeg"
    )
    #expect(head.authority == "127.0.0.1:18080")
    #expect(head.version == .http11)
    #expect(head.framing == .none)
    #expect(head.keepsAlive)
    #expect(
      head.fields == [
        "content-length=0", "te=", "host=127.0.0.1:18080", "connection=keep-alive",
      ])
    #expect(head.byteCount == Self.ejabberd.utf8.count)
  }

  @Test func prosodyIsUnderstood() throws {
    let head = try #require(Understood(Self.prosody))
    #expect(head.method == .post)
    #expect(head.framing == .length(138))
    #expect(head.fields.count == 5)
  }

  @Test(arguments: good)
  func everyPrefixIsIncomplete(_ request: String) {
    let bytes = bytes(request)
    var head = RequestHead()
    for count in 0..<bytes.count {
      // The span ends with the prefix, and stops the process where anything behind it is read.
      let verdict = head.parse(bytes.span.extracting(first: count))
      #expect(verdict == .incomplete, "\(count) bytes")
    }
    #expect(head.parse(bytes.span) == .complete)
  }

  @Test(arguments: good)
  func whatFollowsChangesNothing(_ request: String) {
    let alone = Understood(request)
    for rest in ["\r\n\r\n", "x", "GET / HTTP/1.1\r\n", "\0\0\0", " folded\r\n"] {
      #expect(Understood(request + rest) == alone)
    }
  }

  @Test func nothingIsLeftOverFromTheHeadBefore() {
    var head = RequestHead()
    let first = bytes(
      "PUT http://b/?q HTTP/1.0\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 3\r\n\r\n"
    )
    #expect(head.parse(first.span) == .complete)
    let second = bytes("GET /c HTTP/1.1\r\nHost: d\r\n\r\n")
    #expect(head.parse(second.span) == .complete)
    let (framing, keepsAlive, expects) = (head.framing, head.keepsAlive, head.expectsContinue)
    let (authority, query) = (second.span[head.authority].text, head.query)
    #expect(framing == .none)
    #expect(keepsAlive)
    #expect(!expects)
    #expect(authority == "d")
    #expect(query.isEmpty)
    #expect(head.fieldCount == 1)
  }

  /// Whatever is changed in a good request, the parser neither stops the process nor contradicts itself: a verdict that is
  /// reached on a prefix stays.
  @Test func aVerdictStaysWhateverFollows() {
    var random = SeededGenerator(seed: 9112)
    var head = RequestHead()
    for _ in 0..<1_500 {
      let request = Self.good.randomElement(using: &random) ?? ""
      let mutated = mutate(bytes(request), using: &random)
      var verdict = RequestHead.Verdict.incomplete
      for count in 0...mutated.count {
        let next = head.parse(mutated.span.extracting(first: count))
        if verdict != .incomplete {
          #expect(next == verdict, "\(mutated.span.text.debugDescription) at \(count)")
        }
        verdict = next
      }
    }
  }
}
