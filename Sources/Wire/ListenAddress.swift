internal import Glibc

/// Where a listener waits: `127.0.0.1:5480`, `[::1]:5480`, `localhost:5480` or `unix:/run/slotd/slotd.sock`.
///
/// Addresses are literal, because a name that resolves to another address tomorrow would move the service; `localhost`
/// alone is taken as 127.0.0.1. Port 0 lets the kernel choose a free one.
public enum ListenAddress: Sendable, Hashable {
  /// An IPv4 address, its first byte in the highest bits, and a port.
  case ipv4(UInt32, port: UInt16)
  /// An IPv6 address of 16 bytes and a port.
  case ipv6([UInt8], port: UInt16)
  /// The absolute path of a unix socket, at most ``unixPathBytesMax`` bytes.
  case unix(path: String)

  /// Bytes a unix socket's path may have: `sun_path` holds 108 with the final NUL (unix(7)).
  public static let unixPathBytesMax = 107

  /// Reads an address; nil when it is none.
  public init?(_ text: String) {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst("unix:".count))
      guard path.hasPrefix("/"), path.utf8.count <= Self.unixPathBytesMax else { return nil }
      self = .unix(path: path)
      return
    }
    guard let colon = text.lastIndex(of: ":") else { return nil }
    guard let port = Self.port(text[text.index(after: colon)...]) else { return nil }
    let host = text[..<colon]
    if host.hasPrefix("[") && host.hasSuffix("]") {
      guard let address = Self.ipv6(String(host.dropFirst().dropLast())) else { return nil }
      self = .ipv6(address, port: port)
    } else {
      guard let address = Self.ipv4(host == "localhost" ? "127.0.0.1" : String(host)) else {
        return nil
      }
      self = .ipv4(address, port: port)
    }
  }

  /// Whether only this machine reaches it by IP: 127.0.0.0/8, `::1`, and 127.0.0.0/8 mapped into IPv6.
  public var isLoopback: Bool {
    switch self {
    case .ipv4(let address, _): address >> 24 == 127
    case .ipv6(let bytes, _):
      bytes == Self.loopback6 || (bytes.starts(with: Self.mapped4) && bytes[12] == 127)
    case .unix: false
    }
  }

  /// Whether only this machine reaches it: a loopback address or a unix socket.
  public var isLocal: Bool {
    if case .unix = self { true } else { isLoopback }
  }

  /// Whether it stands for every address of the machine (`0.0.0.0`, `[::]`) and so names none.
  public var isWildcard: Bool {
    switch self {
    case .ipv4(let address, _): address == 0
    case .ipv6(let bytes, _): bytes.allSatisfy { $0 == 0 }
    case .unix: false
    }
  }

  private static let loopback6: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
  private static let mapped4: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
}

extension ListenAddress: CustomStringConvertible {
  /// The address as a configuration would have it.
  public var description: String {
    switch self {
    case .ipv4(_, let port): "\(host):\(port)"
    case .ipv6(_, let port): "[\(host)]:\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }

  /// The IP address in text, without brackets; nothing for a unix socket.
  public var host: String {
    switch self {
    case .ipv4(let address, _):
      "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
    case .ipv6(let bytes, _): Self.text(ipv6: bytes)
    case .unix: ""
    }
  }

  /// The same address with another port; a unix socket has none.
  public func with(port: UInt16) -> ListenAddress {
    switch self {
    case .ipv4(let address, _): .ipv4(address, port: port)
    case .ipv6(let bytes, _): .ipv6(bytes, port: port)
    case .unix: self
    }
  }
}

// MARK: - Reading and writing the parts

extension ListenAddress {
  /// Reads a port number: one to five digits.
  public static func port(_ text: Substring) -> UInt16? {
    guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return UInt16(text)
  }

  /// Reads an IPv4 address.
  public static func ipv4(_ text: String) -> UInt32? {
    var address = in_addr()
    // Safe: inet_pton reads the C string for the call's time and writes one in_addr.
    guard unsafe inet_pton(AF_INET, text, &address) == 1 else { return nil }
    return UInt32(bigEndian: address.s_addr)
  }

  /// Reads an IPv6 address, without brackets.
  public static func ipv6(_ text: String) -> [UInt8]? {
    var address = [UInt8](repeating: 0, count: 16)
    // Safe: inet_pton writes the 16 bytes of an in6_addr, which the array has.
    guard unsafe inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    return address
  }

  private static func text(ipv6 bytes: [UInt8]) -> String {
    var text = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    // Safe: inet_ntop reads 16 bytes and writes at most INET6_ADDRSTRLEN with the final NUL, the array's size.
    guard unsafe inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "" }
    return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }
}
