internal import Wire

/// What of an object a `Range` field asks for (RFC 9110 §14).
enum RangeRequest: Equatable {
  /// All of it: there is no such field, or none that can be understood, or it asks for several ranges, which may be answered so.
  case whole
  /// So many bytes from an offset on.
  case part(offset: UInt64, count: UInt64)
  /// Nothing that there is.
  case unsatisfiable

  /// Reads the field's value for an object of `size` bytes.
  ///
  /// ```
  /// ✅ bytes=0-499      ✅ bytes=500-      ✅ bytes=-500
  /// ❌ bytes=0-1,5-6    ❌ bytes=5-2       ❌ lines=1-2            the whole object
  /// ```
  init(_ value: [UInt8]?, size: UInt64) {
    self = .whole
    guard let value, value.count > 6 else { return }
    let span = value.span
    guard span.extracting(first: 6).equalsIgnoringCase("bytes=") else { return }
    let range = span.extracting(droppingFirst: 6).trimmed
    guard let hyphen = range.firstIndex(of: UInt8(ascii: "-")) else { return }
    let (first, last) = (range.extracting(..<hyphen), range.extracting((hyphen + 1)...))
    if first.isEmpty {
      guard let suffix = UInt64(decimal: last) else { return }
      let count = min(suffix, size)
      self = count == 0 ? .unsatisfiable : .part(offset: size - count, count: count)
      return
    }
    guard let start = UInt64(decimal: first) else { return }
    var end = UInt64.max
    if !last.isEmpty {
      guard let given = UInt64(decimal: last), given >= start else { return }
      end = given
    }
    guard start < size else {
      self = .unsatisfiable
      return
    }
    self = .part(offset: start, count: min(end, size - 1) - start + 1)
  }
}
