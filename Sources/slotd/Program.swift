import CProgram

/// What the program carries inside itself.
enum Program {
  /// The version, as `git describe` had it when slotd was built.
  static let version = {
    // Safe: a literal of the program.
    unsafe String(cString: slotd_version())
  }()

  /// The text of `openapi.yaml`.
  static let openapi: [UInt8] = {
    // Safe: the array of that many bytes lives as long as the program.
    unsafe Array(UnsafeBufferPointer(start: slotd_openapi(), count: slotd_openapi_count()))
  }()
}
