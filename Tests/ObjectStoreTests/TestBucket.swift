import EmbeddedBucket
import FoundationEssentials
import Reactor
import Signing
import Wire

@testable import ObjectStore

/// A bucket of a real server, and a client for it: that of the variables `SLOTD_TEST_BUCKET` (its URL), `AWS_ACCESS_KEY_ID`,
/// `AWS_SECRET_ACCESS_KEY` and `AWS_DEFAULT_REGION`, or else an embedded one. No other test sees what lies in it.
final class TestBucket {
  let client: S3Client
  private let transport: Transport
  private let embedded: EmbeddedBucketServer?

  init() throws {
    let environment = ProcessInfo.processInfo.environment
    let identity = SigningIdentity(
      Credentials(
        accessKeyID: environment["AWS_ACCESS_KEY_ID"] ?? "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "wJalrXUtnFEMI/K7MDENG"),
      region: environment["AWS_DEFAULT_REGION"] ?? "local")
    transport = try Transport(startingBy: Thread.start)
    let url: String
    if let named = environment["SLOTD_TEST_BUCKET"] {
      embedded = nil
      url = named
    } else {
      let server = try EmbeddedBucketServer(for: identity)
      embedded = server
      url = server.url
    }
    // A prefix that must be escaped in paths, in queries and in documents, each in its own way.
    let prefix = "a%20b+c%26%3Cd%3E/\(UUID().uuidString)"
    client = S3Client(
      try Endpoint("\(url)/\(prefix)"), as: identity, over: transport, caFile: nil)
  }

  deinit { transport.stop() }

  /// All keys, however many there are.
  func keys(prefix: String = "") throws(S3Failure) -> [String] {
    var keys: [String] = []
    try client.forEachObject(prefix: prefix) { keys.append($0.key) }
    return keys
  }
}

/// An embedded bucket in a directory that is there for one test.
private final class EmbeddedBucketServer {
  let url: String
  private let directory: String
  private let server: Server

  init(for identity: SigningIdentity) throws {
    directory = FileManager.default.temporaryDirectory.path + "/slotd-\(UUID().uuidString)"
    let store = try Store(directory: directory)
    let options = BucketOptions(name: "uploads", identity: identity)
    server = try Server(workers: 1, connectionsMax: 16, timeouts: Timeouts()) { clock in
      [BucketService(store, options, clock: clock)]
    }
    url = "http://\(try server.listen(.ipv4(0x7F00_0001, port: 0), service: 0))/uploads"
  }

  deinit {
    server.drain(within: .seconds(5))
    try? FileManager.default.removeItem(atPath: directory)
  }
}
