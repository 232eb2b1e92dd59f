internal import CLinux

/// Where a server accepts connections.
public enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
  /// A numeric IPv4 or IPv6 address (without brackets) or a name, and a port; port 0 is one that the system chooses.
  case tcp(host: String, port: UInt16)
  /// A unix socket at a path.
  case unix(path: String)

  /// The address as an operator writes it: `127.0.0.1:5480`, `[::1]:5480`, `unix:/run/slotd/slotd.sock`.
  public var description: String {
    switch self {
    case .tcp(let host, let port):
      host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }

  /// Reads what ``description`` writes; nil where it is no such thing.
  public init?(_ text: String) {
    if text.hasPrefix("unix:") {
      let path = text.dropFirst(5)
      guard !path.isEmpty else { return nil }
      self = .unix(path: String(path))
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    if host.first == "[" {
      guard host.last == "]", host.count > 2 else { return nil }
      host = host.dropFirst().dropLast()
    } else {
      guard !host.isEmpty, !host.contains(":") else { return nil }
    }
    self = .tcp(host: String(host), port: port)
  }

  /// Whether only processes of this machine can connect.
  public var isLoopback: Bool {
    switch self {
    case .unix: true
    case .tcp(let host, _):
      host == "localhost" || host == "::1"
        || (host.hasPrefix("127.") && host.utf8.allSatisfy { $0.isDigitOrDot })
    }
  }

  /// Connections that the kernel holds until they are accepted; it cuts this to its own limit (`net.core.somaxconn`).
  private static let backlog: Int32 = 4_096
  /// Permissions of a unix socket: owner and group. Who may use it is the directory's and the group's business.
  private static let unixMode: UInt32 = 0o660

  /// Opens a socket that listens here.
  func open() throws(SystemError) -> Descriptor {
    switch self {
    case .tcp(let host, let port):
      // Safe: the string is lent for the call.
      try Descriptor("listen", unsafe slotd_listen_tcp(host, port, Self.backlog))
    case .unix(let path):
      try Descriptor("listen", unsafe slotd_listen_unix(path, Self.unixMode, Self.backlog))
    }
  }
}

extension UInt8 {
  fileprivate var isDigitOrDot: Bool { self == 0x2E || (0x30...0x39).contains(self) }
}
