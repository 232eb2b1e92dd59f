/// A metric by name: what it tells, in which unit, and how it is read (Prometheus text format 0.0.4).
public struct Family: Sendable {
  /// How the values of a family are to be understood.
  public enum Kind: Sendable {
    /// It only rises.
    case counter
    /// It rises and falls.
    case gauge
    /// It says nothing of itself: for a name from elsewhere that breaks the rules for its kind.
    case untyped
    /// Observations, counted by size.
    case histogram(Buckets)
  }

  let name: StaticString
  let help: StaticString
  let kind: Kind

  /// A family. `name` ends in its base unit, and in `_total` where it is a counter; `help` is one sentence, free of line ends and
  /// backslashes.
  public init(_ name: StaticString, _ kind: Kind, _ help: StaticString) {
    self.name = name
    self.kind = kind
    self.help = help
  }
}

/// A series that a worker counts up. Where its family is listed is where it comes from: ``Listing/counter(_:_:hidesZero:)``.
public struct Counter: Sendable {
  let cell: Int
}

/// A series that a worker puts observations into: ``Listing/histogram(_:_:)``.
public struct Histogram: Sendable {
  /// The cell of the first bucket; behind the buckets stand one for what is larger than all of them, and the sum.
  let cell: Int
  /// What its buckets are.
  public let buckets: Buckets
}

/// A series that somebody sets, now and then and from any thread: ``Listing/gauge(_:_:)``.
public struct Gauge: Sendable {
  let series: Int
}
