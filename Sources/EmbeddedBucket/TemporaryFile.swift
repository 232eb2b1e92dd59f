internal import CLinux
internal import Reactor

/// A file that is being written, under a name that nobody reads by. It is removed again, unless it was moved to where it belongs.
final class TemporaryFile {
  private let directory: Directory
  private let name: String
  private let descriptor: Descriptor
  private var moved = false
  /// Bytes written so far.
  private(set) var size: Int64 = 0
  /// Bytes that the kernel was told to write to the disk.
  private var startedUpTo: Int64 = 0

  /// Bytes after which the kernel is told to begin writing: enough for the disk to be quick, little enough for the last ones, which
  /// somebody waits for, to be few.
  private static let writebackBytes: Int64 = 8 << 20
  /// Bytes that one call copies from file to file.
  private static let copyBytes = 16 << 20

  init(_ name: String, in directory: Directory) throws(SystemError) {
    self.directory = directory
    self.name = name
    descriptor = try directory.create(name)
  }

  deinit {
    // Where removing fails, the sweep at the next start sees to it.
    if !moved { _ = try? directory.remove(name) }
  }

  /// Writes `bytes` at the end.
  ///
  /// The corresponding C function is `write`.
  func append(_ bytes: Span<UInt8>) throws(SystemError) {
    var rest = bytes
    while !rest.isEmpty {
      let written = slotd_write(descriptor.rawValue, rest)
      // A write of nothing would go on for ever; the kernel does not do it for a file.
      guard written > 0 else {
        throw SystemError("write", Int32(truncatingIfNeeded: min(written, 0)))
      }
      rest = rest.extracting(droppingFirst: written)
      size += Int64(written)
    }
    startWriting()
  }

  /// Writes the first `count` bytes of `file` at the end.
  ///
  /// The corresponding C function is `copy_file_range`.
  func append(_ file: borrowing Descriptor, count: Int64) throws(SystemError) {
    var at: Int64 = 0
    while at < count {
      let ask = Int(min(count - at, Int64(Self.copyBytes)))
      let copied = slotd_append_range(file.rawValue, at, descriptor.rawValue, ask)
      guard copied > 0 else {
        throw SystemError("copy_file_range", Int32(truncatingIfNeeded: min(copied, 0)))
      }
      at += Int64(copied)
      size += Int64(copied)
      startWriting()
    }
  }

  private func startWriting() {
    guard size - startedUpTo >= Self.writebackBytes else { return }
    slotd_start_writing(descriptor.rawValue, startedUpTo, size - startedUpTo)
    startedUpTo = size
  }

  /// Makes what was written outlive a loss of power.
  ///
  /// The corresponding C function is `fsync`.
  func sync() throws(SystemError) {
    let result = slotd_sync(descriptor.rawValue)
    guard result >= 0 else { throw SystemError("fsync", result) }
  }

  /// Moves the file to where it belongs, in place of any of that name.
  func move(to other: Directory, as newName: String) throws(SystemError) {
    try directory.move(name, to: other, as: newName)
    moved = true
  }
}
