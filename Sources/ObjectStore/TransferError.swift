/// Why no answer came. Its ``description`` is a sentence for the operator: what is wrong and what to do.
public struct TransferError: Error, Equatable, Sendable, CustomStringConvertible {
  /// libcurl's number for it (https://curl.se/libcurl/c/libcurl-errors.html). A struct over the number, because newer libraries
  /// have numbers that have no name here.
  public struct Code: Equatable, Hashable, Sendable, RawRepresentable {
    /// The `CURLcode`.
    public let rawValue: Int32
    /// The code with this number.
    public init(rawValue: Int32) { self.rawValue = rawValue }
    private init(_ rawValue: Int32) { self.rawValue = rawValue }

    /// The URL is neither `http` nor `https`.
    public static let unsupportedProtocol = Code(1)
    /// The URL, or a field of the request, cannot be sent.
    public static let malformedURL = Code(3)
    /// The proxy that the environment names is not known.
    public static let proxyNotResolved = Code(5)
    /// The name of the host is not known.
    public static let hostNotResolved = Code(6)
    /// Nobody listens there, or the network refuses.
    public static let notConnected = Code(7)
    /// The answer ended before its end.
    public static let cutShort = Code(18)
    /// The answer is larger than ``HTTPRequest/answerBytesMax``, or its head than is taken.
    public static let answerTooLarge = Code(23)
    /// There is no memory for the transfer.
    public static let noMemory = Code(27)
    /// Time was up; ``TransferError/stage`` says for what.
    public static let timedOut = Code(28)
    /// The handshake failed before it came to certificates.
    public static let tlsFailed = Code(35)
    /// The transport was stopped.
    public static let stopped = Code(42)
    /// The server closed the connection and said nothing.
    public static let emptyAnswer = Code(52)
    /// The connection broke while the request was sent.
    public static let sendFailed = Code(55)
    /// The connection broke while the answer came.
    public static let receiveFailed = Code(56)
    /// The certificate is not good for the host; ``TransferError/verifyResult`` may say why.
    public static let certificateRefused = Code(60)
    /// The file of certificates cannot be read.
    public static let caFileUnusable = Code(77)
    /// The handshake with the proxy failed.
    public static let proxyFailed = Code(97)
  }

  /// How far the transfer had come.
  public enum Stage: Sendable {
    /// The name was looked up, or the connection made.
    case connecting
    /// TLS was agreed on.
    case securing
    /// The request was sent, or the answer came.
    case answering
  }

  /// libcurl's number for it.
  public let code: Code
  /// The server's host, with its port where the URL has one.
  public let host: String
  /// What libcurl said about it.
  public let detail: String
  /// How far it had come.
  public let stage: Stage
  /// Seconds after which it was given up.
  public let seconds: Int
  /// Why a certificate was refused, as OpenSSL counts (`X509_V_ERR_…`); 0 for another reason.
  public let verifyResult: Int

  init(
    _ code: Code, host: String, detail: String, stage: Stage = .connecting, seconds: Int = 0,
    verifyResult: Int = 0
  ) {
    self.code = code
    self.host = host
    self.detail = detail
    self.stage = stage
    self.seconds = seconds
    self.verifyResult = verifyResult
  }

  /// What is wrong and what to do.
  public var description: String { "\(problem); \(remedy)" }

  /// What is wrong.
  public var problem: String { row.problem }

  /// What to do.
  public var remedy: String { row.remedy }

  private var row: (problem: String, remedy: String) {
    switch code {
    case .unsupportedProtocol, .malformedURL:
      ("the URL of \(host) cannot be used", "write it as http:// or https:// and a host")
    case .proxyNotResolved:
      ("the name of the proxy is not known", "correct http_proxy or https_proxy")
    case .hostNotResolved:
      ("the name \(host) is not known", "correct the host in the URL, or this machine's resolver")
    case .notConnected:
      if let proxy {
        (
          "the proxy \(proxy) takes no connection",
          "correct http_proxy or https_proxy, or except the host in no_proxy"
        )
      } else {
        (
          "\(host) takes no connection",
          "see that the server runs, that host and port are right and that no firewall is between"
        )
      }
    case .timedOut: timeoutRow
    case .tlsFailed:
      (
        "TLS with \(host) failed (\(detail))",
        "see whether the port speaks TLS, or write http:// if it is not meant to"
      )
    case .certificateRefused: certificateRow
    case .caFileUnusable:
      ("the ca_file cannot be used", "see that it is there and holds certificates in PEM form")
    case .answerTooLarge:
      ("\(host) answered with more than is taken", "see whether the URL leads to the bucket")
    case .cutShort, .emptyAnswer, .sendFailed, .receiveFailed:
      (
        "\(host) broke the connection off (\(detail))",
        "look into the server's log, and at proxies between, for the reason"
      )
    case .proxyFailed:
      (
        "the proxy refused (\(detail))",
        "correct http_proxy or https_proxy, or except the host in no_proxy"
      )
    case .noMemory: ("there is no memory for a transfer", "give slotd more memory")
    case .stopped: ("slotd is stopping", "ask again when it runs")
    default: ("the transfer from \(host) failed (\(detail))", "see curl's error \(code.rawValue)")
    }
  }

  /// What could not be connected to, where libcurl names another host than that of the URL.
  private var proxy: String? {
    let words = detail.split(separator: " ")
    guard words.starts(with: ["Failed", "to", "connect", "to"]), words.count > 6,
      !host.contains(words[4])
    else { return nil }
    return "\(words[4]):\(words[6])"
  }

  private var timeoutRow: (problem: String, remedy: String) {
    switch stage {
    case .connecting:
      (
        "\(host) could not be connected to within \(seconds) s",
        "see that host and port are right and that no firewall drops the packets"
      )
    case .securing:
      (
        "\(host) did not agree on TLS within \(seconds) s",
        "see whether the port speaks TLS, or write http:// if it is not meant to"
      )
    case .answering:
      (
        "\(host) is connected but gave no full answer within \(seconds) s",
        "see whether the server hangs or is overloaded"
      )
    }
  }

  private var certificateRow: (problem: String, remedy: String) {
    switch verifyResult {
    case 9:
      (
        "the certificate of \(host) is not valid yet",
        "see whether this machine's clock is right, and the server's certificate"
      )
    case 10: ("the certificate of \(host) has expired", "renew it at the server")
    case 18, 19, 20, 21:
      (
        "the certificate of \(host) comes from an authority that is not known here",
        "name the file with the authority's certificate in ca_file"
      )
    default:
      (
        "the certificate of \(host) is not good for it (\(detail))",
        "use the host name that stands in the certificate"
      )
    }
  }
}
