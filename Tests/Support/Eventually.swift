import Glibc

/// Waits until `condition` holds; false when it takes longer than any healthy machine needs.
public func eventually(_ condition: () -> Bool) -> Bool {
  for _ in 0..<2_000 {
    if condition() { return true }
    usleep(5_000)
  }
  return condition()
}
