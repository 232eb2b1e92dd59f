import CLinux
import Glibc
import Reactor
public import Wire

/// A client that says exactly what a test wants: a blocking socket, which gives up after some seconds.
public final class Client {
  private let socket: Descriptor
  private let address: ListenAddress
  /// Bytes that were received and not asked for yet.
  private var received: [UInt8] = []

  /// Seconds after which a call that should have ended is given up.
  private static let patience = 10

  /// Connects to `address`, or is ready to; `window` bytes are all that the kernel takes from the server unasked.
  public init(_ address: ListenAddress, window: Int32? = nil, connects: Bool = true) throws {
    self.address = address
    let family =
      switch address {
      case .ipv4: AF_INET
      case .ipv6: AF_INET6
      case .unix: AF_UNIX
      }
    socket = try Descriptor("socket", Glibc.socket(family, Int32(SOCK_STREAM.rawValue), 0))
    var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
    try option(SO_RCVTIMEO, &limit)
    try option(SO_SNDTIMEO, &limit)
    if var window { try option(SO_RCVBUF, &window) }
    if connects { try connect() }
  }

  /// Connects.
  public func connect() throws {
    switch address {
    case .ipv4(let host, let port):
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = port.bigEndian
      name.sin_addr.s_addr = host.bigEndian
      try connect(&name)
    case .ipv6(let host, let port):
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      name.sin6_port = port.bigEndian
      unsafe withUnsafeMutableBytes(of: &name.sin6_addr) { unsafe $0.copyBytes(from: host) }
      try connect(&name)
    case .unix(let path):
      var name = sockaddr_un()
      name.sun_family = sa_family_t(AF_UNIX)
      unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
      try connect(&name)
    }
  }

  private func option<Value: BitwiseCopyable>(_ name: Int32, _ value: inout Value) throws {
    // Safe: the value is lent for the call, with its size.
    let result = unsafe setsockopt(
      socket.rawValue, SOL_SOCKET, name, &value, socklen_t(MemoryLayout<Value>.size))
    guard result == 0 else { throw SystemError("setsockopt", -errno) }
  }

  private func connect<Name>(_ name: inout Name) throws {
    // Safe: every socket address begins as `sockaddr` does; it is lent for the call, with its size.
    let result = unsafe withUnsafeBytes(of: &name) { bytes in
      unsafe Glibc.connect(
        socket.rawValue, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress,
        socklen_t(bytes.count))
    }
    guard result == 0 else { throw SystemError("connect", -errno) }
  }

  // MARK: - Sending

  /// Sends all of `text`, one byte a character; false when the server does not take it any more.
  @discardableResult
  public func send(_ text: String) -> Bool { send(TestSupport.bytes(text)) }

  /// Sends all of `bytes`; false when the server does not take them any more.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = slotd_send(socket.rawValue, bytes.span.extracting(droppingFirst: sent), false)
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Sends nothing any more, which the server sees as the end of the stream.
  public func endSending() { _ = slotd_shutdown_send(socket.rawValue) }

  /// Makes the closing of this connection a reset.
  public func resetWhenClosed() throws {
    var now = linger(l_onoff: 1, l_linger: 0)
    try option(SO_LINGER, &now)
  }

  // MARK: - Receiving

  /// The next answer, or nil when the connection ends before all of it is there. The answer to a HEAD has no body.
  public func answer(toHead: Bool = false) -> Answer? {
    while true {
      if let end = headEnd {
        let head = String(decoding: received[..<end], as: UTF8.self)
        var answer = Answer(head: head)
        // An interim answer has no body (RFC 9110 §15.2).
        let count = toHead || answer.status < 200 ? 0 : Int(answer["content-length"] ?? "0") ?? 0
        while received.count < end + count { guard receive() > 0 else { return nil } }
        answer.body = Array(received[end..<(end + count)])
        received.removeFirst(end + count)
        return answer
      }
      guard receive() > 0 else { return nil }
    }
  }

  /// Whether the server has closed the connection, with nothing left to receive; waits for it.
  public var isEnded: Bool { received.isEmpty && receive() <= 0 && errno != EAGAIN }

  /// Waits for some more bytes and returns how many have been received in all and not been asked for; at most `atMost` are read.
  public func receive(atMost: Int = 65_536) -> Int {
    var piece = [UInt8](repeating: 0, count: atMost)
    var span = piece.mutableSpan
    errno = 0
    let count = slotd_receive(socket.rawValue, &span)
    if count > 0 { received += piece.prefix(count) }
    if count < 0 { errno = Int32(-count) }
    return count
  }

  private var headEnd: Int? {
    var i = 3
    while i < received.count {
      if received[i] == 10, received[i - 1] == 13, received[i - 2] == 10, received[i - 3] == 13 {
        return i + 1
      }
      i += 1
    }
    return nil
  }
}

/// A response as a client sees it.
public struct Answer: Equatable {
  /// The status line and the fields.
  public var head: String
  /// The body, without any coding.
  public var body: [UInt8] = []

  init(head: String) { self.head = head }

  /// The three digits of the status.
  public var status: Int { Int(head.dropFirst("HTTP/1.1 ".count).prefix(3)) ?? 0 }
  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }

  /// The value of the field called `name`, in lower case.
  public subscript(name: String) -> String? {
    for line in head.split(separator: "\r\n") {
      let parts = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
      if parts[0].lowercased() == name { return parts.count == 2 ? String(parts[1]) : "" }
    }
    return nil
  }
}
