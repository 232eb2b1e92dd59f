internal import CLinux
internal import Wire

extension ListenAddress {
  /// Connections that the kernel holds until they are accepted; it cuts this to its own limit (`net.core.somaxconn`).
  private static let backlog: Int32 = 4_096
  /// Permissions of a unix socket: owner and group. Who may use it is the directory's and the group's business.
  private static let unixMode: UInt32 = 0o660

  /// Opens a socket that listens here; the `first` one of several makes sure that no other process does.
  func open(first: Bool = true) throws(SystemError) -> Descriptor {
    // Safe: the strings are lent for the calls.
    switch self {
    case .ipv4(_, let port), .ipv6(_, let port):
      try Descriptor("listen", unsafe slotd_listen_tcp(host, port, first, Self.backlog))
    case .unix(let path):
      try Descriptor("listen", unsafe slotd_listen_unix(path, Self.unixMode, Self.backlog))
    }
  }

  /// Removes the file of a unix socket, so that the next client is told at once that nobody is there.
  func removeFile() {
    // Safe: the string is lent for the call.
    if case .unix(let path) = self { _ = unsafe slotd_unlink(path) }
  }
}
