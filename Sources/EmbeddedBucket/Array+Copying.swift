extension [UInt8] {
  /// A copy of `bytes`.
  init(copying bytes: Span<UInt8>) {
    self.init(capacity: bytes.count) { output in
      for i in bytes.indices { output.append(bytes[i]) }
    }
  }
}
