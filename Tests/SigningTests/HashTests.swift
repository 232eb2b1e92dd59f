import Signing
import TestSupport
import Testing
import Wire

struct HashTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func sha256(_ text: String, _ expected: String) {
    var whole = SHA256()
    whole.update(text.utf8.span)
    var fork = whole
    let digest = whole.finish()
    #expect(written { $0.append(hex: digest.span) } == expected)
    let same = fork.finish()
    #expect(written { $0.append(hex: same.span) } == expected, "a copy is a fork")
    var pieces = SHA256()
    for byte in text.utf8 { pieces.update([byte].span) }
    let joined = pieces.finish()
    #expect(written { $0.append(hex: joined.span) } == expected)
  }

  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
  ])
  func md5(_ text: String, _ expected: String) {
    var hash = MD5()
    hash.update(text.utf8.span)
    let digest = hash.finish()
    #expect(written { $0.append(hex: digest.span) } == expected)
  }

  /// RFC 4231 §4.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0B, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xAA, count: 131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func hmac(_ key: [UInt8], _ message: String, _ expected: String) {
    let key = HMACKey(key.span)
    for _ in 0..<2 {
      let code = key.authenticate(message.utf8.span)
      #expect(written { $0.append(hex: code.span) } == expected)
    }
  }
}
