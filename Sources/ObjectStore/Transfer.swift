internal import CLibcurl
internal import Synchronization
internal import Wire

/// A request on its way: what the sending thread waits for and the transport's thread works on.
final class Transfer: Sendable {
  let request: HTTPRequest
  private let result = Mutex<Result<HTTPResponse, TransferError>?>(nil)
  private let done = Semaphore()

  init(_ request: HTTPRequest) { self.request = request }

  // MARK: - On the sending thread

  /// Waits for the end.
  func wait() -> Result<HTTPResponse, TransferError> {
    done.wait()
    // Taken out: whoever gets a secret in an answer shall be the only one to have it, and can then overwrite it.
    return result.withLock { $0.take() } ?? .failure(error(.stopped))
  }

  /// A failure without an answer.
  func error(_ code: TransferError.Code) -> TransferError {
    TransferError(code, host: host, detail: "")
  }

  // MARK: - On the transport's thread

  func fail(_ code: TransferError.Code) { end(.failure(error(code))) }

  private func end(_ result: Result<HTTPResponse, TransferError>) {
    self.result.withLock { $0 = result }
    done.signal()
  }

  /// Tells libcurl what the request is; what is in the way, if something is.
  func prepare(_ handle: EasyHandle) -> TransferError.Code? {
    handle.set(CURLOPT_URL, request.url)
    handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
    // The path is signed as it stands: dots in it are not resolved.
    handle.set(CURLOPT_PATH_AS_IS, true)
    handle.set(CURLOPT_FOLLOWLOCATION, false)
    handle.set(CURLOPT_NOSIGNAL, true)
    handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    handle.set(CURLOPT_CERTINFO, true)
    handle.set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
    handle.set(CURLOPT_TIMEOUT_MS, request.timeout.milliseconds)
    // CAINFO takes the place of the system's file of certificates; the system's directory of them counts as before.
    if let caFile = request.caFile { handle.set(CURLOPT_CAINFO, caFile) }
    if !request.mayUseProxy { handle.set(CURLOPT_PROXY, "") }
    if request.isOnFreshConnection { handle.set(CURLOPT_FRESH_CONNECT, true) }
    switch request.addressFamily {
    case .any: break
    case .v4: handle.set(CURLOPT_IPRESOLVE, Int(CURL_IPRESOLVE_V4))
    case .v6: handle.set(CURLOPT_IPRESOLVE, Int(CURL_IPRESOLVE_V6))
    }
    handle.body.bytesMax = request.answerBytesMax

    var lines = ["Expect:"]
    if request.method == .head {
      handle.set(CURLOPT_NOBODY, true)
    } else {
      if let body = request.body {
        handle.set(body: body)
        // libcurl would say that it is a form.
        lines.append("Content-Type:")
      }
      handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    }
    for field in request.fields {
      guard field.isPlain else { return .malformedURL }
      if field.name.lowercased() == "content-type" { lines.removeAll { $0 == "Content-Type:" } }
      lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    handle.set(fieldLines: lines)
    return handle.failure
  }

  /// Takes the result over.
  func finish(_ handle: EasyHandle, _ code: TransferError.Code) {
    let timings = HTTPResponse.Timings(handle)
    guard code.rawValue == 0 else {
      return end(.failure(error(code, handle, timings)))
    }
    let fields = Self.fields(handle.head.bytes)
    end(
      .success(
        HTTPResponse(
          status: handle.number(CURLINFO_RESPONSE_CODE), fields: fields, body: handle.body.take(),
          timings: timings, certificate: Certificate(handle.certificateLines),
          address: handle.text(CURLINFO_PRIMARY_IP),
          clockOffset: Self.clockOffset(fields, timings))))
  }

  private func error(
    _ code: TransferError.Code, _ handle: EasyHandle, _ timings: HTTPResponse.Timings
  ) -> TransferError {
    let isSecure = request.url.prefix(6).lowercased() == "https:"
    let stage: TransferError.Stage =
      if timings.connected == .zero, timings.firstByte == .zero {
        .connecting
      } else {
        isSecure && timings.secured == .zero ? .securing : .answering
      }
    let limit = stage == .answering ? request.timeout : min(request.connectTimeout, request.timeout)
    return TransferError(
      code, host: host, detail: handle.detail(code), stage: stage,
      seconds: limit.milliseconds / 1000, verifyResult: handle.number(CURLINFO_SSL_VERIFYRESULT))
  }

  /// Host and port of the URL, for messages.
  private var host: String {
    let rest = request.url.split(separator: "://", maxSplits: 1).last ?? ""
    return String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
  }

  // MARK: - The head

  /// The fields of the last head in `bytes`: before it may stand those of interim answers.
  private static func fields(_ bytes: [UInt8]) -> [HTTPField] {
    var fields: [HTTPField] = []
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      if line.hasPrefix("HTTP/") {
        fields = []
      } else if let colon = line.firstIndex(of: ":") {
        fields.append(
          HTTPField(
            line[..<colon].lowercased(),
            String(copying: line[line.index(after: colon)...].utf8.span.trimmed)))
      }
    }
    return fields
  }

  private static func clockOffset(
    _ fields: [HTTPField], _ timings: HTTPResponse.Timings
  ) -> Int? {
    guard let date = fields.first(where: { $0.name == "date" })?.value,
      let theirs = CivilTime(imfFixdate: date.utf8.span)?.unixSeconds
    else { return nil }
    // The answer was begun, as well as one can know, halfway between the last byte sent and the first one received.
    let age = (timings.total - timings.firstByte).milliseconds / 1000
    return Int(theirs - (WallClock.unixSeconds - Int64(age)))
  }
}

extension HTTPField {
  /// Whether it stays one line.
  fileprivate var isPlain: Bool {
    (name + value).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } && !name.isEmpty
  }
}

extension HTTPResponse.Timings {
  fileprivate init(_ handle: EasyHandle) {
    resolved = .microseconds(handle.number(CURLINFO_NAMELOOKUP_TIME_T))
    connected = .microseconds(handle.number(CURLINFO_CONNECT_TIME_T))
    secured = .microseconds(handle.number(CURLINFO_APPCONNECT_TIME_T))
    firstByte = .microseconds(handle.number(CURLINFO_STARTTRANSFER_TIME_T))
    total = .microseconds(handle.number(CURLINFO_TOTAL_TIME_T))
  }
}

extension Certificate {
  /// What libcurl's lines `name:value` say; nil where there are none.
  fileprivate init?(_ lines: [String]) {
    guard !lines.isEmpty else { return nil }
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "Subject": subject = String(parts[1])
      case "Issuer": issuer = String(parts[1])
      case "Expire date": expiresAt = CivilTime(asn1Text: parts[1])?.unixSeconds
      default: continue
      }
    }
  }
}
