/// A fixed number of places that values live in from first to last: what an array is, for values that cannot be copied.
///
/// The memory is there from the start; what was never written costs address space only.
@safe
public struct Slab<Element: ~Copyable>: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  /// How many places there are.
  public let count: Int

  /// Makes `count` places and fills each with what `element` returns.
  public init(count: Int, _ element: (Int) -> Element) {
    precondition(count > 0)
    // Safe: this value alone holds the pointer, every place is initialized here and deinitialized once in `deinit`,
    // and the subscript checks its index.
    unsafe base = UnsafeMutablePointer<Element>.allocate(capacity: count)
    self.count = count
    for i in 0..<count { unsafe (base + i).initialize(to: element(i)) }
  }

  deinit {
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  /// The value at `index`. A place that is not there is a mistake of ours and stops the process.
  @inlinable public subscript(_ index: Int) -> Element {
    unsafeAddress {
      precondition(index >= 0 && index < count)
      return unsafe UnsafePointer(base + index)
    }
    unsafeMutableAddress {
      precondition(index >= 0 && index < count)
      return unsafe base + index
    }
  }
}
