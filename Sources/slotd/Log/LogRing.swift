import Synchronization

/// Lines of the log on their way from one thread, which must not wait, to another, which writes them out.
///
/// A fixed piece of memory that is written round and round. The writer moves ``tail`` only behind a whole line, so what lies between
/// the two places is always whole lines. A line that does not fit is dropped and counted.
@safe
final class LogRing: @unchecked Sendable {
  // Safe, for every `unsafe` below, and Sendable: the memory is allocated in `init` and freed in `deinit`; one thread writes from
  // `tail` on as far as there is room, another reads up to `tail`, and both places are handed over by atomics.
  private let base: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  /// All bytes ever written. It and ``head`` stand apart from each other, because different threads write them.
  private let tail = Atomic<Int>(0)
  private let apart = [16 of Int](repeating: 0)
  /// All bytes ever read.
  private let head = Atomic<Int>(0)
  private let dropped = Atomic<Int>(0)

  /// A ring of `capacity` bytes, a power of two.
  init(capacity: Int) {
    precondition(capacity > 0 && capacity & (capacity - 1) == 0)
    unsafe base = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { unsafe base.deallocate() }

  // MARK: - The writing thread

  /// What the writer should know of the reader.
  enum Pressure { case low, high, none }

  /// Adds a line, or counts it as dropped. `.high` when this line filled half of the ring, `.low` when there is time, `.none` when
  /// nothing was added.
  func append(_ line: Span<UInt8>) -> Pressure {
    let end = tail.load(ordering: .relaxed)
    let used = end - head.load(ordering: .acquiring)
    guard line.count <= capacity - used else {
      dropped.add(1, ordering: .relaxed)
      return .none
    }
    let place = end & (capacity - 1)
    let first = min(line.count, capacity - place)
    unsafe line.withUnsafeBufferPointer { source in
      guard let from = source.baseAddress else { return }
      unsafe (base + place).update(from: from, count: first)
      unsafe base.update(from: from + first, count: line.count - first)
    }
    // Ordered before the writer's next look at whether the reader sleeps.
    tail.store(end + line.count, ordering: .sequentiallyConsistent)
    let half = capacity / 2
    return used < half && used + line.count >= half ? .high : .low
  }

  // MARK: - The reading thread

  /// Whether there is nothing to read.
  var isEmpty: Bool {
    tail.load(ordering: .sequentiallyConsistent) == head.load(ordering: .relaxed)
  }

  /// How many lines were dropped since this was last asked.
  func takeDropped() -> Int { dropped.exchange(0, ordering: .relaxed) }

  /// Hands all that is there now to `write`, which may be called several times with pieces of lines, and makes room.
  func drain(_ write: (Span<UInt8>) -> Void) {
    let end = tail.load(ordering: .acquiring)
    var at = head.load(ordering: .relaxed)
    while at < end {
      let place = at & (capacity - 1)
      let count = min(end - at, capacity - place)
      write(unsafe Span(_unsafeStart: base + place, count: count))
      at += count
      head.store(at, ordering: .releasing)
    }
  }
}
