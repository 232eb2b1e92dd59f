import TestSupport
import Testing
import Wire

/// One line of a table: what a client sends, what the parser says to it, and why.
struct HeadRow: Sendable, CustomTestStringConvertible {
  let input: String
  let expected: RequestHead.Verdict
  let reason: String

  init(_ input: String, _ expected: RequestHead.Verdict, _ reason: String) {
    self.input = input
    self.expected = expected
    self.reason = reason
  }

  init(_ input: String, _ refusal: Refusal, _ reason: String) {
    self.init(input, .refused(refusal), reason)
  }

  /// A request whose only fields are a good Host and `fields`.
  init(fields: String, _ expected: RequestHead.Verdict, _ reason: String) {
    self.init("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n", expected, reason)
  }

  init(fields: String, _ refusal: Refusal, _ reason: String) {
    self.init(fields: fields, .refused(refusal), reason)
  }

  var testDescription: String { reason }

  /// Parses the input and compares.
  func check(sourceLocation: SourceLocation = #_sourceLocation) {
    var head = RequestHead()
    let verdict = head.parse(bytes(input).span)
    #expect(verdict == expected, "\(reason)", sourceLocation: sourceLocation)
  }
}

/// What a whole head says, in a form that can be compared and printed.
struct Understood: Equatable {
  var method: RequestHead.Method
  var path: String
  var query: String
  var authority: String
  var version: RequestHead.Version
  var framing: RequestHead.Framing
  var keepsAlive: Bool
  var expectsContinue: Bool
  var fields: [String]
  var byteCount: Int

  /// Parses `input`; nil unless a whole head is at its front.
  init?(_ input: String) {
    let bytes = bytes(input)
    let span = bytes.span
    var head = RequestHead()
    guard head.parse(span) == .complete else { return nil }
    method = head.method
    path = span[head.path].text
    query = span[head.query].text
    authority = span[head.authority].text
    version = head.version
    framing = head.framing
    keepsAlive = head.keepsAlive
    expectsContinue = head.expectsContinue
    fields = (0..<head.fieldCount).map {
      "\(span[head.fields[$0].name].text)=\(span[head.fields[$0].value].text)"
    }
    byteCount = head.byteCount
  }
}
