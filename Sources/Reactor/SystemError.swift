internal import CLinux

/// A system call that failed: which, and with what error number.
public struct SystemError: Error, Equatable, CustomStringConvertible {
  /// The call, as its manual page is called.
  public let call: String
  /// The error number of the C library, positive. A struct member and no enum: the kernel may use one that has no name here.
  public let number: Int32

  /// What `call` returned instead of a result: an error number with a minus sign.
  public init(_ call: StaticString, _ result: Int32) {
    self.call = call.description
    number = 0 &- result
  }

  /// The error number in words, as `strerror` has them.
  public var text: String {
    // Safe: the C library returns a string that lives as long as the program.
    unsafe String(cString: slotd_error_text(0 &- number))
  }

  /// The call and its error in words.
  public var description: String { "\(call): \(text)" }
}
