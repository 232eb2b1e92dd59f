import TestSupport
import Wire

@testable import EmbeddedBucket
@testable import Signing
@testable import Slots

/// Queries: the signer's reader, the bucket's and the slots' agree about which are well-formed and what they say, and what is written
/// again from what was read is the same.
func fuzzQuery(_ bytes: [UInt8]) {
  var parameters = QueryParameters(capacity: 65_536)
  let verdict = parameters.read(bytes.span)
  let query = try? Query(bytes.span)
  if verdict != .tooMany {
    require((verdict == .read) == (query != nil), "\(verdict), but \(String(describing: query))")
  }
  if verdict == .read {
    let canonical = written(65_536) { parameters.append(to: &$0, except: 0..<0) }
    require(parameters.read(canonical.span) == .read, "the canonical query is refused")
    let again = written(65_536) { parameters.append(to: &$0, except: 0..<0) }
    require(again == canonical, "a query has two canonical forms")
  }
  slotRequest(bytes)
}

/// A request for a slot says the same in both dialects.
private func slotRequest(_ bytes: [UInt8]) {
  var scratch = ByteBuffer(capacity: Limits.requestBytesMax)
  var request = SlotRequest()
  guard request.read(query: bytes.span, into: &scratch) == nil, !scratch.overflowed else { return }
  let said = request.parts(scratch)
  let query = said.map { $0.name + "=" + percentEncoded($0.value) }.joined(separator: "&")
  require(read(said) { $0.read(query: query.utf8.span, into: &$1) }, "as a query: \(said)")
  let members = said.map {
    "\"\($0.name)\":" + ($0.isNumber ? $0.value : "\"\(jsonEscaped($0.value))\"")
  }
  let json = "{" + members.joined(separator: ",") + "}"
  require(read(said) { $0.read(json: json.utf8.span, into: &$1) }, "as JSON: \(said)")
}

/// Whether a request that is read anew says the same.
private func read(
  _ said: [SlotRequest.Part], _ read: (inout SlotRequest, inout ByteBuffer) -> StaticString?
) -> Bool {
  var scratch = ByteBuffer(capacity: Limits.requestBytesMax)
  var request = SlotRequest()
  return read(&request, &scratch) == nil && request.parts(scratch) == said
}

private func percentEncoded(_ text: String) -> String {
  let bytes = written(3 * text.utf8.count + 1) { $0.append(percentEncoded: text.utf8.span) }
  return String(decoding: bytes, as: UTF8.self)
}

private func jsonEscaped(_ text: String) -> String {
  let bytes = written(6 * text.utf8.count + 1) { $0.append(json: text.utf8.span) }
  return String(decoding: bytes, as: UTF8.self)
}

extension SlotRequest {
  /// A field that was given: its name in both dialects, and its value in text.
  fileprivate struct Part: Equatable {
    let name: String
    let value: String
    var isNumber = false
  }

  fileprivate func parts(_ texts: borrowing ByteBuffer) -> [Part] {
    var parts: [Part] = []
    for (name, range) in [
      ("jid", jid), ("filename", filename), ("content_type", contentType), ("host", host),
    ] {
      if let range { parts.append(Part(name: name, value: texts.bytes[range].text)) }
    }
    switch size {
    case .bytes(let bytes): parts.append(Part(name: "size", value: "\(bytes)", isNumber: true))
    case .astronomical:
      parts.append(Part(name: "size", value: String(repeating: "9", count: 31), isNumber: true))
    case nil: break
    }
    if let purpose { parts.append(Part(name: "purpose", value: "\(purpose.name)")) }
    if let expireBefore {
      let time = written(32) { $0.append(rfc3339: CivilTime(unixSeconds: expireBefore)) }
      parts.append(Part(name: "expire_before", value: String(decoding: time, as: UTF8.self)))
    }
    if let expirationTime {
      parts.append(Part(name: "expiration_time", value: "\(expirationTime)", isNumber: true))
    }
    return parts
  }
}
