/// A limited number of values, one behind the other: what an array is, for values that cannot be copied.
///
/// The memory is there from the start and never moves; a place that no value has come to yet costs address space only. All is inlined:
/// what is generic and not known to the caller is called in a roundabout way.
@safe
public struct Slab<Element: ~Copyable>: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  /// How many values there can be.
  public let capacity: Int
  /// How many values there are.
  @inlinable public var count: Int { filled }
  @usableFromInline var filled = 0

  /// Makes room for `capacity` values.
  public init(capacity: Int) {
    precondition(capacity > 0)
    // Safe: this value alone holds the pointer; `append` initializes the place at `count`, `removeLast` takes the value before it out,
    // `deinit` those that are left; and the subscript checks its index.
    unsafe base = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    self.capacity = capacity
  }

  /// Makes `count` values, each of which is what `element` returns.
  public init(count: Int, _ element: (Int) -> Element) {
    self.init(capacity: count)
    for i in 0..<count { append(element(i)) }
  }

  deinit {
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  /// Puts a value behind the others. That there is room is the caller's to see to.
  @inlinable public mutating func append(_ element: consuming Element) {
    precondition(filled < capacity)
    unsafe (base + filled).initialize(to: element)
    filled += 1
  }

  /// Takes the last value out. That there is one is the caller's to see to.
  @inlinable public mutating func removeLast() -> Element {
    precondition(filled > 0)
    filled -= 1
    return unsafe (base + filled).move()
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
