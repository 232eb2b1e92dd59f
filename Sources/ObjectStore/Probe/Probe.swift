/// Sends a small file the way a user's goes: through a slot's PUT URL and back through its GET URL, and deletes it again.
public struct Probe: Sendable {
  /// A slot for the file, as it was granted.
  public struct Slot: Sendable {
    /// Where the file is uploaded.
    public var putURL: String
    /// Where it is downloaded.
    public var getURL: String
    /// A signed URL that deletes it.
    public var deleteURL: String
    /// The media type that the client has to send, if it has to.
    public var contentType: String?
    /// How long granting it took.
    public var duration: Duration

    /// A slot of these parts.
    public init(
      putURL: String, getURL: String, deleteURL: String, contentType: String?, duration: Duration
    ) {
      self.putURL = putURL
      self.getURL = getURL
      self.deleteURL = deleteURL
      self.contentType = contentType
      self.duration = duration
    }
  }

  private let transport: Transport
  private let bucket: BucketView

  /// A probe of a bucket.
  public init(_ bucket: BucketView, over transport: Transport) {
    self.bucket = bucket
    self.transport = transport
  }

  /// Goes through all phases with `body` as the file, which must be as large as the slot says. Takes as long as the bucket does: for
  /// a thread that may wait.
  public func run(_ slot: Slot, body: [UInt8]) -> ProbeResult {
    var result = ProbeResult()
    result.steps.append(.init(phase: .slot, duration: slot.duration, trouble: nil))
    let type = slot.contentType.map { [HTTPField("Content-Type", $0)] } ?? []
    let put = send(.put, slot.putURL, during: .put, &result) { request in
      request.body = body
      request.fields = type
    }
    guard put.mayHaveStored else { return result }
    if put.response != nil, let read = send(.get, slot.getURL, during: .get, &result).response {
      let start = ContinuousClock.now
      let isSame = read.body == body
      let trouble = Trouble(
        "other-bytes", "what the GET URL gives is not what was uploaded",
        "see which cache, proxy or filter between the bucket and its readers changes files")
      result.steps.append(
        .init(
          phase: .compare, duration: ContinuousClock.now - start, trouble: isSame ? nil : trouble))
    }
    _ = send(.delete, slot.deleteURL, during: .delete, &result)
    return result
  }

  private struct Sent {
    /// The answer, where it is a good one.
    var response: HTTPResponse?
    /// Whether the server may have done what was asked.
    var mayHaveStored: Bool
  }

  private func send(
    _ method: HTTPRequest.Method, _ url: String, during phase: Phase, _ result: inout ProbeResult,
    _ fill: (inout HTTPRequest) -> Void = { _ in }
  ) -> Sent {
    var request = HTTPRequest(method, url)
    request.caFile = bucket.caFile
    fill(&request)
    let start = ContinuousClock.now
    var trouble: Trouble?
    var sent: Sent
    do throws(TransferError) {
      let response = try transport.send(request)
      result.clockOffset = result.clockOffset ?? response.clockOffset
      sent = Sent(response: response, mayHaveStored: response.isSuccess || response.status >= 500)
      if !response.isSuccess {
        trouble = Trouble(response, during: phase, of: bucket)
        sent.response = nil
      }
    } catch {
      trouble = Trouble(error)
      sent = Sent(response: nil, mayHaveStored: error.stage == .answering)
    }
    result.steps.append(
      .init(phase: phase, duration: ContinuousClock.now - start, trouble: trouble))
    return sent
  }
}
