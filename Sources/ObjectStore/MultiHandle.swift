internal import CCurl

/// libcurl's handle for many transfers at once: only the transport's thread uses it, except for ``wake()``.
///
/// The corresponding C functions are `curl_multi_…`.
@safe
final class MultiHandle: @unchecked Sendable {
  // Safe, for every `unsafe` below, and Sendable: the handle is this object's own and freed once, when nobody has it any more.
  private let multi: OpaquePointer

  /// A handle; nil when there is no memory.
  init?() {
    guard let multi = unsafe slotd_curl_multi_make() else { return nil }
    unsafe self.multi = multi
  }

  deinit { unsafe slotd_curl_multi_free(multi) }

  /// Begins a transfer; what is in the way, if something is.
  func add(_ handle: EasyHandle, number: Int64) -> TransferError.Code? {
    unsafe slotd_curl_multi_add(multi, handle.curl, number) == 0 ? nil : .noMemory
  }

  /// Lets go of a transfer, also in the middle of it.
  func remove(_ handle: EasyHandle) { unsafe slotd_curl_multi_remove(multi, handle.curl) }

  /// Does what can be done without waiting.
  func perform() { _ = unsafe slotd_curl_multi_perform(multi) }

  /// Waits until there is something to do, for so long at most.
  func wait(milliseconds: Int32) { _ = unsafe slotd_curl_multi_wait(multi, milliseconds) }

  /// Ends a wait; for any thread.
  func wake() { unsafe slotd_curl_multi_wake(multi) }

  /// The next transfer that is over, and its result.
  func nextEnded() -> (number: Int64, code: TransferError.Code)? {
    let ended = unsafe slotd_curl_multi_next_ended(multi)
    return ended.any ? (ended.number, TransferError.Code(rawValue: ended.code)) : nil
  }
}
