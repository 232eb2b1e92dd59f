internal import Synchronization

/// A member without a meaning, for a value that is large: with it, the value is passed by its address wherever it is only looked at.
///
/// The compiler (6.3) copies any other to the stack for each call of a method that does not change it; for a slot those copies were
/// several kilobytes.
public struct Pinned: ~Copyable, Sendable {
  // What makes the difference is that an atomic has an address that must not change under whoever looks at it.
  private let anchor = Atomic<Bool>(false)

  /// A pin.
  public init() {}
}
