import ObjectStore
import Reactor
import Settings
import Signing
import Slots
import Wire

/// A small file, and a slot for it that was granted by the same code as everyone's.
struct ProbeFile {
  let slot: Probe.Slot
  let body: [UInt8]
  /// The file's key below the path of the bucket's URL, percent-encoded.
  let encodedKey: String

  /// Bytes of the file, where the service lets in as many.
  private static let bytesMax = 64
  /// Seconds that the URL lives which deletes the file.
  private static let deleteSeconds = 900

  /// Asks for a slot as an operator; throws why none is granted.
  init(
    for target: BucketTarget, in services: UploadServices, at now: Int64 = Clock().unixSeconds,
    lifetime: Int? = nil, name: String = "slotd-probe.txt"
  ) throws(Trouble) {
    let body = Self.content(target)
    let contentType = Self.contentType(target)
    let purpose = Self.purpose(target)
    let start = ContinuousClock.now
    var grantor = Grantor(services)
    var request = SlotRequest()
    let fields: [(String, String?)] = [
      ("jid", "probe@slotd.invalid"), ("host", target.host), ("filename", name),
      ("size", "\(body.count)"), ("content_type", contentType), ("purpose", purpose),
      ("expire_before", purpose == "ephemeral" ? CivilTime(unixSeconds: now + 3600).rfc3339 : nil),
      ("expiration_time", lifetime.map { "\($0)" }),
    ]
    for case (let name, let value?) in fields {
      if let mistake = grantor.take(name, value, into: &request) {
        throw Self.noSlot(target, mistake.description)
      }
    }
    switch grantor.decide(request, at: now, forOperator: true) {
    case .denied(let denial): throw Self.noSlot(target, denial.explanation)
    case .granted(let grant):
      guard grant.service.number == target.number else {
        throw Trouble(
          "shadowed", "requests for \(target.hosts[0]) go to another service whose name fits, too",
          "give the two names that do not overlap, or write the narrower one first")
      }
      var urls = ByteBuffer(capacity: Limits.responseRoomMin)
      grantor.write(grant, in: .lines, to: &urls)
      let lines = String(copying: urls.bytes).split(separator: "\n").map(String.init)
      var delete = ByteBuffer(capacity: Limits.responseRoomMin)
      var signer = Signer()
      _ = grant.service.presigner.presign(
        .delete, key: grantor.encodedKey, encoded: true, lifetime: Self.deleteSeconds, now: now,
        with: &signer,
        into: &delete)
      guard lines.count == 2, !delete.isEmpty else {
        throw Self.noSlot(target, "A URL does not fit.")
      }
      encodedKey = String(copying: grantor.encodedKey)
      slot = Probe.Slot(
        putURL: lines[0], getURL: lines[1], deleteURL: String(copying: delete.bytes),
        contentType: contentType, duration: ContinuousClock.now - start)
      self.body = body
    }
  }

  private static func noSlot(_ target: BucketTarget, _ explanation: String) -> Trouble {
    Trouble(
      "no-slot", "\(target.hosts[0]) grants no slot: \(explanation)",
      "change that service's settings so that it lets some file in")
  }

  /// Text that no other file has, so that no cache can answer for the bucket.
  private static func content(_ target: BucketTarget) -> [UInt8] {
    var size = bytesMax
    if case .bytes(let limit) = target.settings.maxFileSize { size = min(size, limit) }
    return (0..<size).map { _ in UInt8.random(in: UInt8(ascii: "a")...UInt8(ascii: "z")) }
  }

  /// A type that the service lets in; nil where it takes any and binds nobody to it.
  private static func contentType(_ target: BucketTarget) -> String? {
    guard let first = target.settings.contentTypes?.first else {
      return target.settings.signContentType == .always ? "application/octet-stream" : nil
    }
    if first == "*/*" { return "text/plain" }
    return first.hasSuffix("/*") ? first.dropLast() + "plain" : first
  }

  private static func purpose(_ target: BucketTarget) -> String? {
    let purposes = target.settings.purposes
    if purposes.contains(.message) { return nil }
    return purposes.map(\.rawValue).sorted().first
  }
}
