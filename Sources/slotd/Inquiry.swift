import CLinux
import Glibc
import Reactor
import Wire

/// A question to a slotd that runs on this machine.
enum Inquiry {
  /// What was answered: the status, and the body without what ends its last line.
  struct Answer {
    let status: Int
    let body: String
  }

  /// Why there is no answer, as the end of a sentence.
  enum Failure: Error, CustomStringConvertible {
    case system(SystemError)
    /// It took longer than ``secondsMax``.
    case late
    /// Something else than slotd listens there.
    case notHTTP

    var description: String {
      switch self {
      case .system(let error): error.text
      case .late: "it took longer than \(secondsMax) s"
      case .notHTTP: "what listens there does not speak HTTP"
      }
    }
  }

  /// Seconds that each step may take.
  private static let secondsMax: Int32 = 3
  /// Bytes of an answer that are read; those asked for here are much shorter.
  private static let answerBytesMax = 8_192

  /// Asks at `address` for `path`.
  static func ask(_ address: ListenAddress, for path: String) throws(Failure) -> Answer {
    let text: String
    do throws(SystemError) {
      text = try exchange(
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", at: address)
    } catch {
      throw error.number == ETIMEDOUT || error.number == EAGAIN ? .late : .system(error)
    }
    // "HTTP/1.1 200 OK", other fields, an empty line, the body.
    let line = text.prefix { $0 != "\r\n" }.split(separator: " ")
    guard line.count >= 2, line[0].hasPrefix("HTTP/1."), let status = Int(line[1]),
      let head = text.firstRange(of: "\r\n\r\n")
    else { throw .notHTTP }
    return Answer(
      status: status,
      body: String(text[head.upperBound...].split(separator: "\n").joined(separator: " ")))
  }

  private static func exchange(_ request: String, at address: ListenAddress) throws(SystemError)
    -> String
  {
    // Safe: the strings are lent for the calls.
    let socket =
      switch address {
      case .ipv4(_, let port), .ipv6(_, let port):
        try Descriptor("connect", unsafe slotd_connect_tcp(address.host, port, secondsMax))
      case .unix(let path):
        try Descriptor("connect", unsafe slotd_connect_unix(path, secondsMax))
      }
    // So few bytes go out at once.
    let sent = slotd_send(socket.rawValue, Array(request.utf8).span, false)
    guard sent >= 0 else { throw SystemError("send", Int32(sent)) }
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1_024)
    while answer.count < answerBytesMax {
      var room = piece.mutableSpan
      let count = slotd_receive(socket.rawValue, &room)
      guard count >= 0 else { throw SystemError("recv", Int32(count)) }
      if count == 0 { break }
      answer += piece[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }
}
