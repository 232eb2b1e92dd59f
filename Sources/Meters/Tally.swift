/// One worker's own counters: counting takes no lock, allocates nothing and writes to no memory that another thread writes to.
///
/// ``Registry/tally()`` makes one; when the registry has listed more series since, ``adopt()`` makes room for them.
public struct Tally: ~Copyable {
  private let registry: Registry
  private var cells: Cells

  init(_ registry: Registry, _ cells: Cells) {
    self.registry = registry
    self.cells = cells
  }

  /// Makes room for what was listed since. To be called before anything of it is counted.
  public mutating func adopt() { cells = registry.room(for: cells) }

  /// Counts one more, or `amount` more.
  public func add(_ amount: UInt64 = 1, to counter: Counter) {
    cells.add(amount, to: counter.cell)
  }

  /// Takes one back that the same worker has counted, of what rises and falls.
  public func subtract(from counter: Counter) {
    cells.add(.max, to: counter.cell)
  }

  /// Takes an observation into account; the registry's text divides it by ``Buckets/perUnit``.
  public func observe(_ value: UInt64, in histogram: Histogram) {
    let buckets = histogram.buckets
    cells.add(1, to: histogram.cell + buckets.place(of: value))
    cells.add(value, to: histogram.cell + buckets.count + 1)
  }
}
