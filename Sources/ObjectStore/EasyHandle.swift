internal import CCurl
internal import CLibcurl

/// libcurl's handle for one transfer. Options that fail are remembered, and looked at once, at the end.
///
/// The corresponding C functions are `curl_easy_…`.
@safe
final class EasyHandle {
  // Safe, for every `unsafe` below: handle and list are this object's own and freed once, strings and bytes are copied by
  // libcurl, and the sinks outlive the transfer, because this object holds them.
  let curl: OpaquePointer
  private var list: OpaquePointer?
  private let errorText: UnsafeMutablePointer<CChar>
  /// What came of the head and of the body.
  let head: Sink
  let body: Sink
  /// The first option that failed.
  private(set) var failure: TransferError.Code?

  /// Bytes of all heads of an answer, those of a `100 Continue` included.
  private static let headBytesMax = 65_536

  /// A handle; nil when there is no memory.
  init?() {
    guard let curl = unsafe slotd_curl_make() else { return nil }
    unsafe self.curl = curl
    unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    head = Sink(bytesMax: Self.headBytesMax)
    body = Sink(bytesMax: 0)
    unsafe note(
      slotd_curl_set_pointer(curl, CURLOPT_ERRORBUFFER.rawValue, UnsafeMutableRawPointer(errorText))
    )
    set(head, CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA)
    set(body, CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA)
  }

  deinit {
    unsafe slotd_curl_free(curl)
    unsafe slotd_curl_list_free(list)
    unsafe errorText.deallocate()
  }

  // MARK: - Options

  func set(_ option: CURLoption, _ value: Int) {
    note(unsafe slotd_curl_set_number(curl, option.rawValue, Int64(value)))
  }

  func set(_ option: CURLoption, _ value: Bool) { set(option, value ? 1 : 0) }

  func set(_ option: CURLoption, _ value: String) {
    note(unsafe slotd_curl_set_text(curl, option.rawValue, value))
  }

  func set(body bytes: [UInt8]) { note(unsafe slotd_curl_set_body(curl, bytes.span)) }

  /// Sets header fields; each line is `Name: value`, `Name;` for an empty value or `Name:` for none at all.
  func set(fieldLines lines: [String]) {
    for line in lines {
      unsafe list = slotd_curl_list_append(list, line)
      guard unsafe list != nil else {
        failure = failure ?? .noMemory
        return
      }
    }
    note(unsafe slotd_curl_set_list(curl, CURLOPT_HTTPHEADER.rawValue, list))
  }

  private func set(_ sink: Sink, _ function: CURLoption, _ data: CURLoption) {
    note(
      unsafe slotd_curl_set_sink(curl, function.rawValue) { bytes, size, count, context in
        let sink = unsafe Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
        return unsafe sink.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
      })
    note(
      unsafe slotd_curl_set_pointer(
        curl, data.rawValue, Unmanaged.passUnretained(sink).toOpaque()))
  }

  private func note(_ code: Int32) {
    if code != 0, failure == nil { failure = TransferError.Code(rawValue: code) }
  }

  // MARK: - Results

  func number(_ info: CURLINFO) -> Int { Int(unsafe slotd_curl_number(curl, info.rawValue)) }

  func text(_ info: CURLINFO) -> String {
    guard let text = unsafe slotd_curl_text(curl, info.rawValue) else { return "" }
    return unsafe String(cString: text)
  }

  /// What libcurl says of a failure.
  func detail(_ code: TransferError.Code) -> String {
    let said = unsafe String(cString: errorText)
    return unsafe said.isEmpty ? String(cString: slotd_curl_error_text(code.rawValue)) : said
  }

  /// The lines `name:value` about the server's own certificate.
  var certificateLines: [String] {
    var lines: [String] = []
    while let line = unsafe slotd_curl_certificate_line(curl, lines.count) {
      lines.append(unsafe String(cString: line))
    }
    return lines
  }
}

/// What takes the bytes of an answer, up to a limit.
final class Sink {
  private(set) var bytes: [UInt8] = []
  /// Bytes that are taken; with one more the transfer ends.
  var bytesMax: Int

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  /// The bytes, which are kept no longer.
  func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  /// Takes all of `more` and returns how many they are; nothing where the limit would be passed.
  fileprivate func take(_ more: UnsafeRawBufferPointer) -> Int {
    guard more.count <= bytesMax - bytes.count else { return 0 }
    unsafe bytes.append(contentsOf: more)
    return more.count
  }
}
