internal import Wire

/// The parameters of a query as they come, and in canonical order: decoded and encoded again, sorted by name, then by value.
///
/// The order is that of the encoded bytes (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
struct QueryParameters: ~Copyable {
  /// One parameter, its parts as places in ``text``.
  struct Parameter {
    var name: ByteRange
    var value: ByteRange
    /// The value as it came, by its place in the query.
    var raw: ByteRange
  }

  /// What ``read(_:)`` found.
  enum Verdict { case read, malformed, tooMany }

  /// Parameters that are read. S3 has no operation with half as many; they are sorted by insertion.
  private static let countMax = 64

  private(set) var text: ByteBuffer
  private var sorted: [Parameter] = []
  /// The second of two parameters that ``single(_:)`` was asked for, by the place of its value in the query.
  private(set) var repeated: ByteRange?

  init(capacity: Int) {
    text = ByteBuffer(capacity: capacity)
    sorted.reserveCapacity(Self.countMax)
  }

  /// Reads what stands behind the `?` of a target. A `+` is a space, as most readers of queries have it.
  mutating func read(_ query: Span<UInt8>) -> Verdict {
    text.clear()
    sorted.removeAll(keepingCapacity: true)
    repeated = nil
    var start = 0
    while start < query.count {
      let end = query.firstIndex(of: UInt8(ascii: "&"), from: start) ?? query.count
      if start < end {
        guard sorted.count < Self.countMax else { return .tooMany }
        let piece = query.extracting(start..<end)
        let nameEnd = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.count
        let valueStart = min(nameEnd + 1, piece.count)
        guard let name = recode(piece.extracting(..<nameEnd)),
          let value = recode(piece.extracting(valueStart...))
        else { return .malformed }
        insert(Parameter(name: name, value: value, raw: ByteRange(start + valueStart, end)))
      }
      start = end + 1
    }
    return text.overflowed ? .tooMany : .read
  }

  private mutating func recode(_ bytes: Span<UInt8>) -> ByteRange? {
    let start = text.count
    guard text.append(percentRecoded: bytes, plusIsSpace: true) else { return nil }
    return ByteRange(start, text.count)
  }

  private mutating func insert(_ new: Parameter) {
    var place = sorted.count
    while place > 0, precedes(new, sorted[place - 1]) { place -= 1 }
    sorted.insert(new, at: place)
  }

  private func precedes(_ a: Parameter, _ b: Parameter) -> Bool {
    let (nameA, nameB) = (text.bytes[a.name], text.bytes[b.name])
    return nameA.equals(nameB)
      ? text.bytes[a.value].precedes(text.bytes[b.value]) : nameA.precedes(nameB)
  }

  /// The places of the parameters called `name`: none, one, or several behind each other.
  func places(of name: StaticString) -> Range<Int> {
    var start = 0
    while start < sorted.count, !text.bytes[sorted[start].name].equals(name) { start += 1 }
    var end = start
    while end < sorted.count, text.bytes[sorted[end].name].equals(name) { end += 1 }
    return start..<end
  }

  /// The place of the parameter called `name`, or nil where there is none. Where there are several, ``repeated`` tells afterwards.
  mutating func single(_ name: StaticString) -> Int? {
    let places = places(of: name)
    if places.count > 1 { repeated = sorted[places.lowerBound + 1].raw }
    return places.first
  }

  /// The parameter at a place.
  subscript(_ place: Int) -> Parameter { sorted[place] }

  /// Appends the decoded value of the parameter at a place, and returns where it is, or nil where it did not fit.
  func append(valueAt place: Int, to other: inout ByteBuffer) -> ByteRange? {
    let start = other.count
    guard other.append(percentDecoded: text.bytes[sorted[place].value]), !other.overflowed else {
      return nil
    }
    return ByteRange(start, other.count)
  }

  /// Appends the canonical query: all parameters but those at `excluded`.
  func append(to canonical: inout ByteBuffer, except excluded: Range<Int>) {
    var isFirst = true
    for place in sorted.indices where !excluded.contains(place) {
      if !isFirst { canonical.append("&") }
      isFirst = false
      canonical.append(text.bytes[sorted[place].name])
      canonical.append("=")
      canonical.append(text.bytes[sorted[place].value])
    }
  }
}

extension Span<UInt8> {
  /// Whether these bytes come before `other` in the order of their values.
  func precedes(_ other: Span<UInt8>) -> Bool {
    for i in 0..<Swift.min(count, other.count) where self[i] != other[i] {
      return self[i] < other[i]
    }
    return count < other.count
  }
}
