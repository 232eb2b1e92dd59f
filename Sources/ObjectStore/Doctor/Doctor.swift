public import Signing
internal import Wire

/// Tries what a bucket really enforces, by uploading small files in right ways and wrong ones, and deletes them all again.
public struct Doctor {
  /// What is signed for, without the ACL that the configuration may add.
  let presigner: Presigner
  let bucket: BucketView
  let transport: Transport
  /// The web pages that clients run in.
  let origins: [String]
  /// Random letters: nobody else's files are below this prefix.
  let folder: String
  /// What was found out so far.
  public private(set) var findings: [Finding] = []
  /// Keys that may exist by now.
  private var keys: [String] = []

  /// A doctor for the bucket that `presigner` signs for.
  public init(
    _ presigner: Presigner, _ bucket: BucketView, origins: [String], over transport: Transport
  ) {
    self.presigner = Presigner(presigner.endpoint, as: presigner.identity)
    self.bucket = bucket
    self.origins = origins
    self.transport = transport
    var random = RandomBytes()
    var text = ByteBuffer(capacity: 64)
    _ = random.appendHex(16, to: &text)
    folder = "slotd-doctor-\(String(copying: text.bytes))/"
  }

  /// Tries everything, with the result of a probe as the first row. Takes as long as the bucket does.
  public mutating func examine(after probe: ProbeResult) {
    examineSurroundings(probe)
    if probe.steps.contains(where: { $0.phase == .put && $0.trouble == nil }) {
      examineUploads()
      examineReading()
    } else {
      for check in Self.uploadChecks {
        find(Finding(check, .skipped, "not tried, because the first upload failed"))
      }
    }
    examineOrigins()
    cleanUp()
  }

  mutating func find(_ finding: Finding) { findings.append(finding) }

  // MARK: - Files

  /// An upload, and in which ways it is a wrong one.
  struct Upload {
    var name: String
    var body = Array("slotd doctor".utf8)
    /// Bytes that are signed; nil: those that the body has.
    var signedSize: Int?
    /// The type that is signed, if one is.
    var signedType: String?
    /// The type that is sent, if one is.
    var sentType: String?
    /// Seconds before now at which the URL was made, for a minute.
    var age = 0
    /// Whether the last digit of the signature is another.
    var isTampered = false

    init(_ name: String) { self.name = name }
  }

  /// What came of a request.
  typealias Outcome = Result<HTTPResponse, TransferError>

  /// Uploads a file, and remembers that it may be there now.
  mutating func put(_ upload: Upload, signedBy other: Presigner? = nil) -> Outcome {
    keys.append(upload.name)
    var url = ByteBuffer(capacity: Self.urlBytesMax)
    _ = presign(upload, other ?? presigner, &url)
    var text = String(copying: url.bytes)
    if upload.isTampered { text = text.dropLast() + (text.hasSuffix("0") ? "1" : "0") }
    var request = HTTPRequest(.put, text)
    request.body = upload.body
    if let type = upload.sentType { request.fields = [HTTPField("Content-Type", type)] }
    return send(request)
  }

  private func presign(
    _ upload: Upload, _ presigner: Presigner, _ url: inout ByteBuffer
  ) -> Presigner.Outcome {
    var signer = Signer(identities: 1)
    let key = folder + upload.name
    let now = WallClock.unixSeconds - Int64(upload.age)
    let size = UInt64(upload.signedSize ?? upload.body.count)
    guard let type = upload.signedType else {
      return presigner.presign(
        .put, key: key.utf8.span, contentLength: size, lifetime: 60, now: now, with: &signer,
        into: &url)
    }
    return presigner.presign(
      .put, key: key.utf8.span, contentLength: size, contentType: type.utf8.span, lifetime: 60,
      now: now, with: &signer, into: &url)
  }

  /// A signed URL for a file.
  func url(
    _ method: Presigner.Method, _ name: String, signedBy other: Presigner? = nil
  ) -> String {
    var signer = Signer(identities: 1)
    var url = ByteBuffer(capacity: Self.urlBytesMax)
    _ = (other ?? presigner).presign(
      method, key: (folder + name).utf8.span, lifetime: 300, now: WallClock.unixSeconds,
      with: &signer, into: &url)
    return String(copying: url.bytes)
  }

  /// The plain URL of a file.
  func plainURL(_ name: String) -> String {
    presigner.endpoint.description + (folder + name).percentEncodedPath
  }

  func send(_ request: HTTPRequest) -> Outcome {
    var request = request
    request.caFile = bucket.caFile
    return Result { () throws(TransferError) in try transport.send(request) }
  }

  func get(_ url: String) -> Outcome { send(HTTPRequest(.get, url)) }

  private static let urlBytesMax = 16_384

  // MARK: - The end

  private mutating func cleanUp() {
    var left = 0
    for name in Set(keys) {
      switch send(HTTPRequest(.delete, url(.delete, name))) {
      // What was never there is gone, too.
      case .success(let response) where response.isSuccess || response.status == 404: continue
      default: left += 1
      }
    }
    keys = []
    if left > 0 {
      find(
        Finding(
          "cleanup", .warning, "\(left) of the doctor's own files could not be deleted",
          "delete what lies below \(bucket.url)/\(folder)"))
    }
  }
}

extension Result where Success == HTTPResponse, Failure == TransferError {
  /// Whether the server said that it was done.
  var isDone: Bool { if case .success(let response) = self { response.isSuccess } else { false } }

  /// What the server said, in a few words.
  var words: String {
    switch self {
    case .failure(let error): error.problem
    case .success(let response):
      [String(response.status), S3Error(response).code].filter { !$0.isEmpty }
        .joined(separator: " ")
    }
  }
}
