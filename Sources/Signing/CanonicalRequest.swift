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

extension Signer {
  /// Begins a canonical request with all that stands in the first line of an HTTP request: the query is the one that was read into
  /// ``parameters``, without those at `excluded`. Returns false when the path is not percent-encoded.
  mutating func beginCanonicalRequest(
    _ method: Span<UInt8>, path: Span<UInt8>, excluding excluded: Range<Int> = 0..<0
  ) -> Bool {
    begin()
    text.append(method)
    text.append("\n")
    // The target `http://host` has no path, which means `/`.
    if path.isEmpty { text.append("/") }
    // S3 wants the path encoded once, however the client encoded it.
    guard text.append(percentRecoded: path, keepingSlashes: true) else {
      begin()
      return false
    }
    text.append("\n")
    parameters.append(to: &text, except: excluded)
    text.append("\n")
    return true
  }

  /// Ends a canonical request behind the lines of the signed fields, whose names, like the word for the payload, are in ``claims``.
  mutating func endCanonicalRequest(signedFields: ByteRange, payload: ByteRange) {
    text.append("\n")
    claims.copy(signedFields, to: &text)
    text.append("\n")
    claims.copy(payload, to: &text)
  }
}

extension ByteBuffer {
  /// Appends the bytes at `range` to another buffer.
  func copy(_ range: ByteRange, to other: inout ByteBuffer) {
    other.append(bytes[range])
  }

  /// Appends the value of a signed field: without white space around it, and with one space where it has several.
  /// Returns false when it holds a byte that no field can hold; what was appended until then is of no use.
  mutating func append(canonicalValue value: Span<UInt8>) -> Bool {
    let value = value.trimmed
    var runStart = 0
    for i in value.indices {
      guard value[i].isFieldValueCharacter else { return false }
      if value[i] == UInt8(ascii: " "), value[i - 1] == UInt8(ascii: " ") {
        append(value.extracting(runStart..<i))
        runStart = i + 1
      }
    }
    append(value.extracting(runStart...))
    return true
  }
}
