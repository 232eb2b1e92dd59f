internal import Wire

// The canonical request of Signature Version 4, which signer and verifier must write alike to the byte:
//
//     PUT                                                     method
//     /bucket/tr%C3%A8s%20cool.jpg                            path, encoded once
//     X-Amz-Algorithm=…&X-Amz-Credential=…&…                  query, encoded, sorted by name and value
//     content-length:42                                       a line a signed field, sorted by name
//     host:minio.example.org:9000
//                                                             an empty line
//     content-length;host                                     the names of the signed fields again
//     UNSIGNED-PAYLOAD                                        the hash of the payload, or a word for why there is none
//
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). There is no line end at its end.

extension ByteBuffer {
  /// Appends the value of a signed field: without white space around it, and with one space where it has several.
  /// Returns false when it holds a byte that no field can hold; what was appended until then is of no use.
  mutating func append(canonicalValue value: Span<UInt8>) -> Bool {
    var start = 0
    var end = value.count
    while start < end, value[start].isFieldWhitespace { start += 1 }
    while end > start, value[end - 1].isFieldWhitespace { end -= 1 }
    var runStart = start
    for i in start..<end {
      let byte = value[i]
      guard byte >= 0x20 ? byte != 0x7F : byte == 0x09 else { return false }
      if byte == UInt8(ascii: " "), value[i - 1] == UInt8(ascii: " ") {
        append(value.extracting(runStart..<i))
        runStart = i + 1
      }
    }
    append(value.extracting(runStart..<end))
    return true
  }
}

extension UInt8 {
  fileprivate var isFieldWhitespace: Bool { self == UInt8(ascii: " ") || self == 0x09 }
}
