internal import Synchronization

/// All series of the process: what they are called, and the cells of all workers.
///
/// ```swift
/// let slots = registry.configure { $0.counter(Family("slots_total", .counter, "Slots."), [("host", "a.example")]) }
/// let tally = registry.tally()         // on each worker
/// tally.add(to: slots)
/// let text = registry.text()           // on any thread
/// ```
public final class Registry: Sendable {
  private struct State {
    var listing = Listing()
    /// One for each tally that was ever made: what a worker counted outlives the worker.
    var blocks: [Cells] = []
  }

  private let state = Mutex(State())

  /// A registry that knows of nothing.
  public init() {}

  /// Lists the series of a configuration, in place of those of the one before.
  public func configure<Meters: Sendable>(_ list: (inout Listing) -> Meters) -> Meters {
    state.withLock { state in
      state.listing.hideAll()
      return list(&state.listing)
    }
  }

  /// Counters for one more worker.
  public func tally() -> Tally {
    let cells = state.withLock { state in
      let cells = Cells(count: state.listing.cellCount)
      state.blocks.append(cells)
      return cells
    }
    return Tally(self, cells)
  }

  /// Sets the value of a gauge.
  public func set(_ gauge: Gauge, _ value: Double) {
    state.withLock { $0.listing.set(gauge.series, value) }
  }

  /// Cells with the numbers of `cells`, and with room for everything that is listed. Called by the thread that counts in `cells`, so
  /// nothing is counted between the copy and its use.
  func room(for cells: Cells) -> Cells {
    state.withLock { state in
      guard state.listing.cellCount > cells.count else { return cells }
      let larger = Cells(count: state.listing.cellCount, continuing: cells)
      for i in state.blocks.indices where state.blocks[i] === cells { state.blocks[i] = larger }
      return larger
    }
  }

  // MARK: - Reading

  /// What all workers have counted.
  public func total(_ counter: Counter) -> UInt64 {
    state.withLock { Self.sum($0.blocks, counter.cell) }
  }

  /// What all workers have observed.
  public func observations(_ histogram: Histogram) -> Observations {
    state.withLock { Self.observations($0.blocks, histogram.cell, histogram.buckets) }
  }

  /// Everything in the text format 0.0.4 of Prometheus.
  public func text() -> [UInt8] {
    // Under the lock is only what changes when a configuration does; a worker that counts waits for nobody.
    let (listing, blocks) = state.withLock { ($0.listing, $0.blocks) }
    var text = Exposition()
    for group in listing.groups { Self.write(group, listing.series, blocks, to: &text) }
    return text.bytes
  }

  private static func write(
    _ group: Listing.Group, _ series: [Listing.Series], _ blocks: [Cells],
    to text: inout Exposition
  ) {
    var isBegun = false
    for number in group.series {
      let one = series[number]
      guard one.isShown, one.cell >= 0 || one.value != nil else { continue }
      if one.hidesZero, sum(blocks, one.cell) == 0 { continue }
      if !isBegun { text.begin(group.family) }
      isBegun = true
      switch (one.value, group.family.kind) {
      case (let value?, _):
        text.sample(group.family, one.labels, value)
      case (nil, .histogram(let buckets)):
        text.histogram(group.family, one.labels, observations(blocks, one.cell, buckets))
      case (nil, _):
        text.sample(group.family, one.labels, sum(blocks, one.cell))
      }
    }
  }

  private static func sum(_ blocks: [Cells], _ cell: Int) -> UInt64 {
    var sum: UInt64 = 0
    // A worker that has not made room yet has counted nothing there.
    for block in blocks where cell < block.count { sum &+= block.load(cell) }
    return sum
  }

  private static func observations(
    _ blocks: [Cells], _ cell: Int, _ buckets: Buckets
  ) -> Observations {
    Observations(
      buckets: buckets, counts: (0...buckets.count).map { sum(blocks, cell + $0) },
      sum: sum(blocks, cell + buckets.count + 1))
  }
}
