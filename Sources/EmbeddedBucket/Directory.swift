internal import CLinux
internal import Glibc
internal import Reactor

/// One directory, held open from the start. Files are opened by a name of one component and never through a symbolic link, so nothing
/// that is put into the directory can lead out of it.
final class Directory: Sendable {
  private let descriptor: Descriptor

  // Safe, for every `unsafe` below: the string is lent for the call.

  /// Opens the directory at `path`, which is made where it is missing.
  init(path: String) throws(SystemError) {
    let made = unsafe slotd_make_directory(path)
    descriptor = try Descriptor("open", unsafe slotd_open_directory(path))
    guard made >= 0 || made == -EEXIST else { throw SystemError("mkdir", made) }
  }

  /// Opens the directory called `name` in `parent`, which is made where it is missing.
  init(_ name: String, in parent: Directory) throws(SystemError) {
    let made = unsafe slotd_make_directory_in(parent.descriptor.rawValue, name)
    guard made >= 0 || made == -EEXIST else { throw SystemError("mkdir", made) }
    descriptor = try Descriptor(
      "open", unsafe slotd_open_directory_in(parent.descriptor.rawValue, name))
  }

  /// Opens the directory called `name` in `parent` if it is there.
  init(existing name: String, in parent: Directory) throws(SystemError) {
    descriptor = try Descriptor(
      "open", unsafe slotd_open_directory_in(parent.descriptor.rawValue, name))
  }

  /// Keeps others out that ask for the same, as long as the directory is open; false where one was first.
  ///
  /// The corresponding C function is `flock`.
  func lock() throws(SystemError) -> Bool {
    let result = slotd_lock(descriptor.rawValue)
    guard result >= 0 || result == -EWOULDBLOCK else { throw SystemError("flock", result) }
    return result >= 0
  }

  /// Makes the names in the directory outlive a loss of power.
  func sync() throws(SystemError) {
    let result = slotd_sync(descriptor.rawValue)
    guard result >= 0 else { throw SystemError("fsync", result) }
  }

  /// Opens a file for reading.
  func open(_ name: String) throws(SystemError) -> Descriptor {
    try Descriptor("open", unsafe slotd_open_file_in(descriptor.rawValue, name))
  }

  /// Makes a file that was not there.
  func create(_ name: String) throws(SystemError) -> Descriptor {
    try Descriptor("open", unsafe slotd_create_file_in(descriptor.rawValue, name))
  }

  /// Moves a file to another directory, in place of any of that name.
  func move(_ name: String, to other: Directory, as newName: String) throws(SystemError) {
    let result = unsafe slotd_rename_in(
      descriptor.rawValue, name, other.descriptor.rawValue, newName)
    guard result >= 0 else { throw SystemError("rename", result) }
  }

  /// Removes a file; returns whether it was there.
  @discardableResult
  func remove(_ name: String) throws(SystemError) -> Bool {
    let result = unsafe slotd_unlink_in(descriptor.rawValue, name)
    guard result >= 0 || result == -ENOENT else { throw SystemError("unlink", result) }
    return result >= 0
  }

  /// Removes a directory, which must be empty.
  func removeDirectory(_ name: String) throws(SystemError) {
    let result = unsafe slotd_remove_directory_in(descriptor.rawValue, name)
    guard result >= 0 || result == -ENOENT else { throw SystemError("rmdir", result) }
  }

  /// All names in the directory, in no order.
  func names() throws(SystemError) -> [String] {
    // A second open file: it has a place to read from of its own.
    let reader = try Descriptor("open", unsafe slotd_open_directory_in(descriptor.rawValue, "."))
    var names: [String] = []
    var buffer = [UInt8](repeating: 0, count: 32_768)
    while true {
      var span = buffer.mutableSpan
      let count = slotd_next_names(reader.rawValue, &span)
      guard count >= 0 else { throw SystemError("getdents", Int32(truncatingIfNeeded: count)) }
      if count == 0 { return names }
      for name in buffer[..<count].split(separator: 0) {
        names.append(String(decoding: name, as: UTF8.self))
      }
    }
  }
}
