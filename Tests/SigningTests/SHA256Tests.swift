import Signing
import Testing
import TestSupport
import Wire

@Test func sha256OfAbc() {
  var hash = SHA256()
  hash.update(("abc" as StaticString).bytes)
  let digest = hash.finish()
  #expect(
    written { $0.append(hex: digest.span) }
      == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
}
