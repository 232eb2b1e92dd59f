import FoundationEssentials
import Glibc
import Reactor
import Signing
import Synchronization
import TestSupport
import Wire

@testable import EmbeddedBucket

/// A bucket that is served on a port of its own, and a client that knows its secret.
final class LiveBucket {
  let scratch: Scratch
  let store: Store
  let identity: SigningIdentity
  let events = Events()
  private let server: Server
  let address: ListenAddress
  private var signer = Signer()

  /// What the bucket told its observer.
  final class Events: Sendable {
    private let all = Mutex<[BucketEvent]>([])
    func add(_ event: BucketEvent) { all.withLock { $0.append(event) } }
    var list: [BucketEvent] { all.withLock { $0 } }
  }

  /// A key that only tests know.
  static let identity = SigningIdentity(
    Credentials(
      accessKeyID: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), region: "us-east-1")

  init(
    _ scratch: Scratch? = nil, timeouts: Timeouts = Timeouts(),
    _ change: (inout BucketOptions) -> Void = { _ in }
  ) throws {
    let scratch = try scratch ?? Scratch()
    self.scratch = scratch
    identity = Self.identity
    let store = try Store(directory: scratch.path)
    self.store = store
    var options = BucketOptions(name: "uploads", identity: Self.identity)
    change(&options)
    server = try Server(workers: 1, connectionsMax: 64, timeouts: timeouts) {
      [options, events] clock in
      let service = BucketService(store, options, clock: clock)
      service.observer = { events.add($0) }
      return [service]
    }
    guard let wanted = ListenAddress("127.0.0.1:0") else { throw SystemError("listen", -EINVAL) }
    address = try server.listen(wanted, service: 0)
  }

  deinit { server.drain(within: .seconds(5)) }

  var host: String { address.description }
  static var now: Int64 { Int64(Date().timeIntervalSince1970) }

  /// Sends a request and reads its answer, on a client of its own. A body brings its length.
  func send(
    _ method: String, _ target: String, _ fields: [(String, String)] = [], body: [UInt8]? = nil
  ) throws -> Answer {
    let client = try Client(address)
    client.send(head(method, target, fields, length: body?.count))
    client.send(body ?? [])
    guard let answer = client.finalAnswer(to: method) else {
      throw SystemError("recv", -ECONNRESET)
    }
    return answer
  }

  func head(
    _ method: String, _ target: String, _ fields: [(String, String)] = [], length: Int? = nil
  ) -> [UInt8] {
    var text = "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n"
    for (name, value) in fields { text += "\(name): \(value)\r\n" }
    if let length { text += "Content-Length: \(length)\r\n" }
    return Array((text + "\r\n").utf8)
  }

  /// The fields that sign a request in its head.
  func signed(
    _ method: String, _ target: String, _ fields: [(String, String)] = [],
    payload: String = "UNSIGNED-PAYLOAD", at now: Int64 = LiveBucket.now
  ) throws -> [(String, String)] {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let added = signer.authorize(
      method, path: String(parts[0]).utf8.span,
      query: (parts.count > 1 ? String(parts[1]) : "").utf8.span, host: host,
      fields: fields.map { SignedField($0, $1) }, payloadHash: payload, as: identity, now: now)
    guard let added else { throw SystemError("sign", 0) }
    return fields + added.map { ($0.name, $0.value) }
  }

  /// Sends a request that is signed in its head.
  func sendSigned(
    _ method: String, _ target: String, _ fields: [(String, String)] = [], body: [UInt8]? = nil
  ) throws -> Answer {
    try send(method, target, signed(method, target, fields), body: body)
  }

  /// The target of a presigned URL for `key`.
  func presigned(
    _ method: Presigner.Method, _ key: String, length: UInt64? = nil, type: String? = nil,
    disposition: String? = nil, responseType: String? = nil, lifetime: Int = 60,
    at now: Int64 = LiveBucket.now
  ) throws -> String {
    let endpoint = try Endpoint("http://\(host)/uploads")
    let presigner = Presigner(endpoint, as: identity)
    let (type, disposition) = (type.map { Array($0.utf8) }, disposition.map { Array($0.utf8) })
    let responseType = responseType.map { Array($0.utf8) }
    let url = written { url in
      _ = presigner.presign(
        method, key: key.utf8.span, contentLength: length, contentType: type?.span,
        responseDisposition: disposition?.span, responseType: responseType?.span,
        lifetime: lifetime, now: now, with: &signer, into: &url)
    }
    return String((url ?? "").dropFirst("http://\(host)".count))
  }

  /// Stores an object; returns whether that was answered with 200.
  func put(_ key: String, _ body: [UInt8], _ fields: [(String, String)] = []) throws -> Bool {
    try sendSigned("PUT", path(key), fields, body: body).status == 200
  }

  /// The path of an object.
  func path(_ key: String) -> String {
    "/uploads/" + (written { $0.append(percentEncoded: key.utf8.span, keepingSlashes: true) } ?? "")
  }
}
