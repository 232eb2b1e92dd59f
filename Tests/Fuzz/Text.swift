import FoundationEssentials
import TestSupport
import Wire

/// Encodings: what was encoded is decoded again, what is decoded can be encoded, and nothing else is taken.
@c(LLVMFuzzerTestOneInput)
public func fuzzText(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  let room = 6 * count + 64

  guard let percent = written(room, { $0.append(percentEncoded: bytes.span) }),
    written(room, { require($0.append(percentDecoded: percent.span)) }) == bytes
  else { fatalError("percent-encoding") }

  guard let base64 = written(room, { $0.append(base64: bytes.span) }),
    written(room, { require($0.append(base64Decoded: base64.span)) }) == bytes,
    Data(bytes).base64EncodedString() == String(decoding: base64, as: UTF8.self)
  else { fatalError("Base64") }
  // Decoders of what strangers send must come to an end, whatever it is.
  var buffer = ByteBuffer(capacity: room)
  _ = buffer.append(base64Decoded: bytes.span)
  _ = buffer.append(percentDecoded: bytes.span, plusIsSpace: true)
  _ = buffer.append(percentRecoded: bytes.span)
  _ = Accept.prefersXML(bytes.span)
  if let time = CivilTime(imfFixdate: bytes.span),
    written(room, { $0.append(imfFixdate: time) }) != bytes
  {
    fatalError("a date that is written otherwise")
  }

  if let text = String(validating: bytes, as: UTF8.self) {
    let json = written(room, { $0.append(json: text.utf8.span) }) ?? []
    let quoted = Array("{\"a\":\"".utf8) + json + Array("\"}".utf8)
    guard JSONReading(quoted) == .members(["a=\"\(text)\""]) else { fatalError("JSON") }
  }
  return 0
}

private func require(_ condition: Bool) {
  guard condition else { fatalError("what was encoded is refused") }
}

private func written(_ capacity: Int, _ write: (inout ByteBuffer) -> Void) -> [UInt8]? {
  var buffer = ByteBuffer(capacity: capacity)
  write(&buffer)
  return buffer.overflowed ? nil : buffer.bytes.indices.map { buffer.bytes[$0] }
}
