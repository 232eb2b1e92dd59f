internal import CLinux
internal import Reactor
internal import Wire

extension Descriptor {
  /// The bytes of a regular file; throws EINVAL where it is something else.
  ///
  /// The corresponding C function is `fstat`.
  func fileSize() throws(SystemError) -> Int64 {
    let size = slotd_file_size(rawValue)
    guard size >= 0 else { throw SystemError("fstat", Int32(truncatingIfNeeded: size)) }
    return size
  }

  /// Reads `count` bytes from `offset` on; fewer only where the file ends.
  ///
  /// The corresponding C function is `pread`.
  func read(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
    var bytes = ByteBuffer(capacity: max(count, 1))
    while bytes.count < count {
      let at = offset + Int64(bytes.count)
      let got = bytes.fillRoom { slotd_read_at(rawValue, &$0, at) }
      guard got >= 0 else { throw SystemError("pread", Int32(truncatingIfNeeded: got)) }
      if got == 0 { break }
    }
    return Array(copying: bytes.bytes)
  }
}
