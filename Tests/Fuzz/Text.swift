import FoundationEssentials
import TestSupport
import Wire

/// Encodings: what was encoded is decoded again, what is decoded can be encoded, and nothing else is taken.
func fuzzText(_ bytes: [UInt8]) {
  let room = 6 * bytes.count + 64

  let percent = written(room) { $0.append(percentEncoded: bytes.span) }
  require(written(room) { refusing($0.append(percentDecoded: percent.span)) } == bytes, "percent")

  let base64 = written(room) { $0.append(base64: bytes.span) }
  require(written(room) { refusing($0.append(base64Decoded: base64.span)) } == bytes, "Base64")
  require(Data(bytes).base64EncodedString() == String(decoding: base64, as: UTF8.self), "Base64")

  // What is decoded and encoded again is the one canonical form, which stays as it is.
  let isPercent = { (to: inout ByteBuffer) in to.append(percentRecoded: bytes.span) }
  var buffer = ByteBuffer(capacity: room)
  if isPercent(&buffer) {
    let canonical = written(room) { refusing(isPercent(&$0)) }
    let again = written(room) { refusing($0.append(percentRecoded: canonical.span)) }
    require(again == canonical, "percent-encoding has two canonical forms")
  }
  // Decoders of what strangers send must come to an end, whatever it is.
  _ = buffer.append(base64Decoded: bytes.span)
  _ = Accept.prefersXML(bytes.span)
  if let time = CivilTime(imfFixdate: bytes.span) {
    require(written(room) { $0.append(imfFixdate: time) } == bytes, "an IMF date")
  }
  if let time = CivilTime(rfc3339: bytes.span) {
    let text = written(room) { $0.append(rfc3339: time) }
    require(CivilTime(rfc3339: text.span)?.unixSeconds == time.unixSeconds, "a time of RFC 3339")
  }

  guard let text = String(validating: bytes, as: UTF8.self) else { return }
  let json = written(room) { $0.append(json: text.utf8.span) }
  let quoted = Array("{\"a\":\"".utf8) + json + Array("\"}".utf8)
  require(JSONReading(quoted) == .members(["a=\"\(text)\""]), "JSON")
  if let address = ListenAddress(text) {
    require(ListenAddress(address.description) == address, "an address to listen at")
  }
}

private func refusing(_ isTaken: Bool) { require(isTaken, "what was encoded is refused") }
