import FoundationEssentials
import TestSupport
import Testing
import Wire

struct Base64Tests {
  // RFC 4648 §10, and all six bits of the last two digits.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"), ("~~\u{7F}", "fn5/"), (">>>", "Pj4+"),
  ])
  func published(_ plain: String, _ text: String) {
    #expect(written { $0.append(base64: plain.utf8.span) } == text)
    #expect(decoded(text) == Array(plain.utf8))
    let bare = text.filter { $0 != "=" }
    #expect(decoded(bare) == Array(plain.utf8), "the padding may be missing")
  }

  @Test(arguments: [
    ("Zg=", "half of the padding"), ("Zm9v=", "padding where none is due"),
    ("Zm9v==", "padding where none is due"), ("Zg===", "too much padding"), ("=", "padding alone"),
    ("==", "padding alone"), ("====", "padding alone"), ("Z", "one digit is less than a byte"),
    ("Zm9vY", "one digit too many"), ("Zg==Zg==", "two texts"), ("Zm 9v", "a space"),
    ("Zm9v\n", "a line end"), ("Zm9-", "the other alphabet, RFC 4648 §5"),
    ("Z\u{E9}==", "no digit"),
  ])
  func refused(_ text: String, _ reason: String) {
    #expect(decoded(text) == nil, "\(reason)")
    var buffer = ByteBuffer(capacity: 64)
    buffer.append("kept")
    _ = buffer.append(base64Decoded: text.utf8.span)
    let left = buffer.bytes.text
    #expect(left == "kept", "\(reason)")
  }

  @Test func everyLengthComesBack() {
    var random = SeededGenerator(seed: 4648)
    for count in 0..<100 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let text = written { $0.append(base64: bytes.span) }
      #expect(text == Data(bytes).base64EncodedString())
      #expect(decoded(text ?? "!") == bytes)
    }
  }

  private func decoded(_ text: String) -> [UInt8]? {
    var buffer = ByteBuffer(capacity: 256)
    guard buffer.append(base64Decoded: text.utf8.span) else { return nil }
    return buffer.bytes.indices.map { buffer.bytes[$0] }
  }
}
