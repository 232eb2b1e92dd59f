/// Writes the text format 0.0.4 of Prometheus. Of any size, and so not for a worker's loop.
struct Exposition {
  private(set) var bytes: [UInt8] = []

  /// Writes the two lines before the samples of a family.
  mutating func begin(_ family: Family) {
    append("# HELP ")
    append(family.name)
    append(" ")
    append(family.help)
    append("\n# TYPE ")
    append(family.name)
    switch family.kind {
    case .counter: append(" counter\n")
    case .gauge: append(" gauge\n")
    case .untyped: append(" untyped\n")
    case .histogram: append(" histogram\n")
    }
  }

  /// Writes a sample that was counted.
  mutating func sample(_ family: Family, _ labels: String, _ value: UInt64) {
    name(family, "", labels)
    append(value.description)
    append("\n")
  }

  /// Writes a sample that was set.
  mutating func sample(_ family: Family, _ labels: String, _ value: Double) {
    name(family, "", labels)
    if let whole = Int64(exactly: value) {
      append(whole.description)
    } else if value.isFinite {
      append(value.description)
    } else {
      append(value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf")
    }
    append("\n")
  }

  /// Writes the samples of a histogram: each bucket has the observations of all smaller ones, too.
  mutating func histogram(_ family: Family, _ labels: String, _ observed: Observations) {
    let buckets = observed.buckets
    let before = labels.isEmpty ? "" : labels + ","
    var count: UInt64 = 0
    for place in 0...buckets.count {
      count &+= observed.counts[place]
      let bound =
        place < buckets.count ? Self.decimal(buckets.bound(place), buckets.perUnit) : "+Inf"
      name(family, "_bucket", "\(before)le=\"\(bound)\"")
      append(count.description)
      append("\n")
    }
    name(family, "_sum", labels)
    append(Self.decimal(observed.sum, buckets.perUnit))
    append("\n")
    name(family, "_count", labels)
    append(count.description)
    append("\n")
  }

  /// `value` divided by `unit`, a power of ten, without a rounding error.
  static func decimal(_ value: UInt64, _ unit: UInt64) -> String {
    guard value % unit != 0 else { return (value / unit).description }
    var fraction = (unit + value % unit).description.dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return "\(value / unit).\(fraction)"
  }

  private mutating func name(_ family: Family, _ suffix: StaticString, _ labels: String) {
    append(family.name)
    append(suffix)
    if !labels.isEmpty {
      append("{")
      append(labels)
      append("}")
    }
    append(" ")
  }

  private mutating func append(_ text: StaticString) {
    // Safe: a literal's bytes live as long as the program.
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(_ text: String) { bytes += text.utf8 }
}
