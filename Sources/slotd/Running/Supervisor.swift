import CLinux
import Glibc
import Reactor
import Wire

/// Whoever started slotd and wants to know how it goes: systemd, or what speaks like it (sd_notify(3), sd_listen_fds(3)).
struct Supervisor {
  private let notifySocket: String?
  /// Sockets that were handed over.
  let socketCount: Int
  /// How often it wants a sign of life, in nanoseconds; nil where it wants none.
  let watchdogInterval: Int64?

  /// The first descriptor that is handed over; those below are the standard streams.
  private static let firstSocket: Int32 = 3

  /// What the environment says of it.
  init(_ environment: [String: String]) {
    let isMeant = { (name: String) in environment[name].map { $0 == "\(getpid())" } }
    notifySocket = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
    let count = environment["LISTEN_FDS"].flatMap { Int($0) } ?? 0
    socketCount = isMeant("LISTEN_PID") == true ? max(count, 0) : 0
    let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
    let isWatched = microseconds > 0 && isMeant("WATCHDOG_PID") != false
    // Half of what is allowed, as sd_watchdog_enabled(3) advises.
    watchdogInterval = isWatched ? min(microseconds, 3_600_000_000) * 1_000 / 2 : nil
  }

  /// The sockets that were handed over: each descriptor, and where it listens.
  func sockets() throws(SystemError) -> [(descriptor: Int32, address: ListenAddress)] {
    var sockets: [(Int32, ListenAddress)] = []
    for descriptor in Self.firstSocket..<Self.firstSocket + Int32(clamping: socketCount) {
      var text = [256 of UInt8](repeating: 0)
      var span = text.mutableSpan
      let count = slotd_adopt_socket(descriptor, &span)
      guard count > 0 else {
        throw SystemError("a socket that was handed over", Int32(truncatingIfNeeded: count))
      }
      guard let address = ListenAddress(String(copying: text.span.extracting(first: count))) else {
        throw SystemError("a socket that was handed over", -EAFNOSUPPORT)
      }
      sockets.append((descriptor, address))
    }
    return sockets
  }

  // MARK: - Word of how it goes

  /// Requests that come now are answered.
  func ready() { notify("READY=1\nSTATUS=serving") }

  /// The configuration is being loaded; ``ready()`` says when that is over.
  func reloading() {
    notify("RELOADING=1\nMONOTONIC_USEC=\(slotd_monotonic_ns() / 1_000)\nSTATUS=loading")
  }

  /// It is ending.
  func stopping() { notify("STOPPING=1\nSTATUS=answering what is under way") }

  /// It is alive.
  func alive() { notify("WATCHDOG=1") }

  private func notify(_ message: String) {
    guard let notifySocket else { return }
    // Safe: both strings are lent for the call. Nobody can be told that nobody listens.
    _ = unsafe slotd_notify(notifySocket, message)
  }
}
