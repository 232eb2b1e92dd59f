internal import Wire

/// The parameters of a request's query, decoded. S3 knows the operation by them.
struct Query {
  private var parameters: [(name: String, value: [UInt8])] = []

  /// Reads what stands behind the `?` of a target; `+` is a space. Throws `InvalidURI` where an escape is broken.
  init(_ query: Span<UInt8>) throws(S3Error) {
    var decoded = ByteBuffer(capacity: max(query.count, 1))
    var start = 0
    while start < query.count {
      let end = query.firstIndex(of: UInt8(ascii: "&"), from: start) ?? query.count
      let piece = query.extracting(start..<end)
      let nameEnd = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.count
      decoded.clear()
      guard decoded.append(percentDecoded: piece.extracting(..<nameEnd), plusIsSpace: true) else {
        throw .invalidURI
      }
      let name = String(copying: decoded.bytes)
      decoded.clear()
      let value = piece.extracting(droppingFirst: min(nameEnd + 1, piece.count))
      guard decoded.append(percentDecoded: value, plusIsSpace: true) else { throw .invalidURI }
      if start < end { parameters.append((name, Array(copying: decoded.bytes))) }
      start = end + 1
    }
  }

  /// The bytes of the first parameter called `name`, or nil.
  subscript(bytes name: String) -> [UInt8]? { parameters.first { $0.name == name }?.value }

  /// The text of the first parameter called `name`, or nil.
  subscript(_ name: String) -> String? {
    self[bytes: name].map { String(decoding: $0, as: UTF8.self) }
  }

  func has(_ name: String) -> Bool { self[bytes: name] != nil }

  /// The first of `names` that is there.
  func first(of names: [String]) -> String? { names.first(where: has) }

  /// The number of the parameter called `name`, nil without one. Throws `InvalidArgument` where it is none, or out of range.
  func number(_ name: String, in range: ClosedRange<UInt64>) throws(S3Error) -> UInt64? {
    guard let text = self[name] else { return nil }
    guard let number = UInt64(decimal: text.utf8.span), range.contains(number) else {
      throw S3Error(
        .invalidArgument,
        "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)."
      )
      .with("ArgumentName", name).with("ArgumentValue", text)
    }
    return number
  }
}
