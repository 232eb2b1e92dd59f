import Testing
import TestSupport
import Wire

@Test(arguments: [
  ("7b1f0c52-5f0e-4a3b-9a53-0c7f6e1a2b3c", true, "a UUID"),
  ("a", true, "one character"),
  ("Az09-._~:+/=", true, "every kind of character"),
  (String(repeating: "a", count: 64), true, "the longest"),
  (String(repeating: "a", count: 65), false, "too long"),
  ("", false, "nothing"),
  ("romeo@montague.example", false, "a JID"),
  ("a b", false, "a space could begin another field of a line"),
  ("a\"b", false, "a quote could end a text of JSON"),
  ("a\u{1B}[2Jb", false, "a control for terminals"),
  ("é", false, "beyond ASCII"),
])
func requestID(_ text: String, _ isOne: Bool, _ reason: String) {
  var id = RequestID()
  #expect(id.set(text.utf8.span) == isOne, "\(reason)")
  #expect(id.bytes.text == (isOne ? text : ""), "\(reason)")
}

private let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

@Test(arguments: [
  ("00-\(trace)-00f067aa0ba902b7-01", true, "the example of the recommendation"),
  ("00-\(trace)-00f067aa0ba902b7-00", true, "not sampled"),
  ("cc-\(trace)-00f067aa0ba902b7-01", true, "a later version"),
  ("cc-\(trace)-00f067aa0ba902b7-01-what-comes", true, "a later version with more"),
  ("00-\(trace)-00f067aa0ba902b7-01-what-comes", false, "this version has no more"),
  ("cc-\(trace)-00f067aa0ba902b7-01.what", false, "more begins with a dash"),
  ("ff-\(trace)-00f067aa0ba902b7-01", false, "version ff is forbidden"),
  ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false, "capitals"),
  ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false, "no trace"),
  ("00-\(trace)-0000000000000000-01", false, "no parent"),
  ("00-\(trace)-00f067aa0ba902b7-0", false, "cut"),
  ("00-\(trace)_00f067aa0ba902b7-01", false, "another separator"),
  ("", false, "nothing"),
])
func traceparent(_ text: String, _ isOne: Bool, _ reason: String) {
  var id = RequestID()
  #expect(id.set(traceparent: text.utf8.span) == isOne, "\(reason)")
  #expect(id.bytes.text == (isOne ? trace : ""), "\(reason)")
}

@Test(
  arguments: [
    (0, "0000000000000000"), (1, "0000000000000001"), (0x0123_4567_89AB_CDEF, "0123456789abcdef"),
    (.max, "ffffffffffffffff"),
  ] as [(UInt64, String)])
func number(_ number: UInt64, _ text: String) {
  var id = RequestID()
  id.set(number: number)
  #expect(String(copying: id.bytes) == text)
}
