internal import CCrypto

/// Whether both hold the same bytes; the time it takes depends on their lengths only, so that nobody learns a secret byte by byte.
public func constantTimeEqual(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
  guard a.count == b.count else { return false }
  // Safe: both pointers are good for `count` bytes while they are lent.
  return unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      guard let left = a.baseAddress, let right = b.baseAddress else { return true }
      return unsafe slotd_differ(left, right, a.count) == 0
    }
  }
}
