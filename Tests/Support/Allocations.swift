internal import CAllocationCounter

/// Heap allocations that this thread makes while `body` runs.
public func allocations(_ body: () -> Void) -> UInt64 {
  let before = slotd_allocations()
  body()
  return slotd_allocations() - before
}

/// Heap allocations that this thread has made.
public var allocationsOfThisThread: UInt64 { slotd_allocations() }

/// Whether budgets mean something here: allocations are counted, and the optimizer has removed those that cost nothing.
public var hasBudgets: Bool {
  #if DEBUG
    false
  #else
    slotd_counts_allocations()
  #endif
}
