import Synchronization

/// A value that one thread replaces now and then and that others look at all the time: looking costs one load, unless it was replaced.
final class Published<Value: Sendable>: Sendable {
  private let value: Mutex<Value>
  private let edition = Atomic<Int>(1)

  init(_ value: Value) { self.value = Mutex(value) }

  /// The value as it is now.
  var current: Value { value.withLock { $0 } }

  /// Replaces the value.
  func publish(_ new: Value) {
    value.withLock { $0 = new }
    edition.add(1, ordering: .releasing)
  }

  /// The value, if it was replaced since `seen`, which is brought up to date.
  func newer(than seen: inout Int) -> Value? {
    let now = edition.load(ordering: .acquiring)
    guard now != seen else { return nil }
    seen = now
    return current
  }
}
