internal import Synchronization

/// Numbers that one thread counts up and others may read meanwhile.
///
/// A cell has one writer, so counting up is a load and a store and needs no locked instruction; it is atomic only for the reader to
/// see whole numbers. The memory begins and ends at cache lines, so that no two writers ever share one.
@safe
final class Cells: @unchecked Sendable {
  // Safe, for every `unsafe` below, and Sendable: the memory is allocated and initialized in `init`, freed in `deinit`, and reached
  // in between through atomics only, at indices that are checked.
  private let base: UnsafeMutablePointer<Atomic<UInt64>>
  let count: Int

  /// Two lines: processors fetch them in pairs.
  private static let alignment = 128

  /// `count` cells, the first of them with the numbers of `older`, the others zero.
  init(count: Int, continuing older: Cells? = nil) {
    precondition(count >= (older?.count ?? 0))
    let bytes = max(count, 1) * MemoryLayout<Atomic<UInt64>>.stride
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: (bytes + Self.alignment - 1) / Self.alignment * Self.alignment,
      alignment: Self.alignment)
    unsafe base = memory.bindMemory(to: Atomic<UInt64>.self, capacity: count)
    self.count = count
    for i in 0..<count {
      let value = older.map { $0.count > i ? $0.load(i) : 0 } ?? 0
      unsafe (base + i).initialize(to: Atomic(value))
    }
  }

  deinit {
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  /// Adds to a cell, wrapping around. For its one writer.
  func add(_ amount: UInt64, to index: Int) {
    precondition(index >= 0 && index < count)
    let old = unsafe base[index].load(ordering: .relaxed)
    unsafe base[index].store(old &+ amount, ordering: .relaxed)
  }

  /// The number in a cell. For anybody.
  func load(_ index: Int) -> UInt64 {
    precondition(index >= 0 && index < count)
    return unsafe base[index].load(ordering: .relaxed)
  }
}
