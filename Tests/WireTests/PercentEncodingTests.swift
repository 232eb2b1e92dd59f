import TestSupport
import Testing
import Wire

struct PercentEncodingTests {
  @Test(arguments: [
    ("", "", "nothing"),
    ("AZaz09-._~", "AZaz09-._~", "all kinds of unreserved characters"),
    ("a b", "a%20b", "a space is never +"),
    ("a+b*c", "a%2Bb%2Ac", "+ and * are reserved"),
    ("très cool.jpg", "tr%C3%A8s%20cool.jpg", "UTF-8, each byte"),
    ("100%", "100%25", "the escape itself"),
    ("%41", "%2541", "what looks encoded is not"),
    ("\t\n\u{7F}\u{0}", "%09%0A%7F%00", "two digits, always"),
    ("it's (1)!", "it%27s%20%281%29%21", "what JavaScript leaves alone"),
    (
      "!\"#$%&'()*+,;<=>?@[\\]^`{|}:",
      "%21%22%23%24%25%26%27%28%29%2A%2B%2C%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D%3A",
      "every other visible character"
    ),
    ("🦀", "%F0%9F%A6%80", "four bytes"),
  ])
  func encoded(_ raw: String, _ expected: String, _ reason: String) {
    #expect(written { $0.append(percentEncoded: raw.utf8.span) } == expected, "\(reason)")
    #expect(
      writtenWhole { $0.append(percentDecoded: expected.utf8.span) } == raw, "\(reason)")
  }

  @Test func aPathKeepsItsSlashes() {
    let key = "a/b c//d"
    #expect(
      written { $0.append(percentEncoded: key.utf8.span, keepingSlashes: true) } == "a/b%20c//d")
    #expect(written { $0.append(percentEncoded: key.utf8.span) } == "a%2Fb%20c%2F%2Fd")
  }

  @Test func everyByteIsEncodedAsTheStandardSays() {
    let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    for byte in UInt8.min...UInt8.max {
      #expect(byte.isUnreserved == unreserved.utf8.contains(byte))
      let hex = String(byte, radix: 16, uppercase: true)
      let expected =
        byte.isUnreserved
        ? String(decoding: [byte], as: UTF8.self) : "%" + (hex.count == 1 ? "0" : "") + hex
      #expect(written { $0.append(percentEncoded: [byte].span) } == expected)
    }
  }

  /// Letters and digits are passed eight at a time; a byte among them must not slip through at any place.
  @Test func everyByteIsEncodedAtEveryPlace() {
    for place in 0..<17 {
      for byte in UInt8.min...UInt8.max {
        var bytes = Array("abcXYZ019abcXYZ01".utf8)
        bytes[place] = byte
        let expected = bytes.map { byte in
          written(capacity: 3) { $0.append(percentEncoded: [byte].span) } ?? ""
        }.joined()
        guard written(capacity: 64, { $0.append(percentEncoded: bytes.span) }) == expected else {
          Issue.record("byte \(byte) at \(place)")
          return
        }
      }
    }
  }

  @Test(arguments: [
    ("%", "no digits"), ("%4", "one digit"), ("a%", "at the end"), ("%G0", "no hexadecimal digit"),
    ("%0G", "no hexadecimal digit"), ("%%41", "an escape inside an escape"), ("% 41", "a space"),
  ])
  func malformed(_ text: String, _ reason: String) {
    var buffer = ByteBuffer(capacity: 64)
    buffer.append("kept")
    let (decoded, recoded) = (
      buffer.append(percentDecoded: text.utf8.span), buffer.append(percentRecoded: text.utf8.span)
    )
    #expect(!decoded, "\(reason)")
    #expect(!recoded, "\(reason)")
    let left = buffer.bytes.text
    #expect(left == "kept")
  }

  @Test(arguments: [
    ("a+b%2Bc", "a+b+c", "a b+c"), ("+", "+", " "), ("%20", " ", " "),
    ("a%2fb%2Fc", "a/b/c", "a/b/c"),
  ])
  func decoded(_ text: String, _ plain: String, _ form: String) {
    #expect(writtenWhole { $0.append(percentDecoded: text.utf8.span) } == plain)
    #expect(
      writtenWhole { $0.append(percentDecoded: text.utf8.span, plusIsSpace: true) } == form)
  }

  @Test(arguments: [
    ("/a%2fb/%7euser/c d", "/a/b/~user/c%20d", "%2Fa%2Fb%2F~user%2Fc%20d"),
    ("image%2Fpng", "image/png", "image%2Fpng"),
    ("image/png", "image/png", "image%2Fpng"),
    ("%e2%82%ac", "%E2%82%AC", "%E2%82%AC"),
  ])
  func recoded(_ text: String, _ path: String, _ component: String) {
    #expect(
      writtenWhole { $0.append(percentRecoded: text.utf8.span, keepingSlashes: true) } == path)
    #expect(writtenWhole { $0.append(percentRecoded: text.utf8.span) } == component)
  }
}

/// What `write` leaves behind, or nil when it says that it could not.
private func writtenWhole(_ write: (inout ByteBuffer) -> Bool) -> String? {
  var whole = false
  let text = written { whole = write(&$0) }
  return whole ? text : nil
}
