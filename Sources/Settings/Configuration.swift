public import Wire

/// Everything slotd is told: immutable, and replaced as a whole when it is loaded anew.
///
/// `Configuration.load` makes one; ``reference`` lists the keys it is made of.
public struct Configuration: Sendable, Equatable {
  /// Where slots are asked for; one address or more, none twice. Default 127.0.0.1:5480.
  public let listen: [ListenAddress]
  /// How many event loops there are. Default: one a core.
  public let workers: Workers
  /// The bearer tokens, any of which lets a caller in, each of 16 bytes or more; none where every ``listen`` is local.
  public let tokens: [Secret]
  /// Connections held open at once, 1 to 1000000. Default 20000.
  public let connectionsMax: Int
  /// Seconds that the head of a request may take to arrive, 1 to 3600. Default 10.
  public let headTimeoutSeconds: Int
  /// Seconds of the longest pause inside a body, 1 to 3600. Default 30.
  public let bodyTimeoutSeconds: Int
  /// Seconds that a connection waits for its next request, 1 to 86400. Default 180.
  ///
  /// ejabberd closes its own connections after 120 s and loses a request now and then where the server was first.
  public let idleTimeoutSeconds: Int
  /// Seconds that a peer may leave an answer unread, 1 to 3600. Default 30.
  public let writeTimeoutSeconds: Int
  /// Seconds that requests under way have to end when slotd stops, 0 to 3600. Default 30.
  public let shutdownTimeoutSeconds: Int
  /// Seconds that slotd serves on without being ready when it is told to stop, 0 to 3600. Default 0.
  public let shutdownDelaySeconds: Int
  /// Where the process's number is written, its path completed. Default: nowhere.
  public let pidFile: String?
  /// Whether the memory may be written to a file, or looked at by debuggers of the same user. Default: it may not.
  public let coreDumps: Bool
  /// How a line of the log is written. Default: for reading.
  public let logFormat: LogFormat
  /// The least important lines logged. Default: info.
  public let logLevel: LogLevel
  /// The secret under which users are hashed in the log. Default: a new one at each start.
  public let logUserKey: Secret?
  /// Whether `/` shows a status page. Default: where every ``listen`` is a loopback address.
  public let statusPage: Bool
  /// Seconds between two probes of a bucket, up to 86400; 0 for none. Default 60.
  public let probeIntervalSeconds: Int
  /// Probes that must fail in a row before slotd is not ready, 1 to 1000. Default 3.
  public let probeFailures: Int
  /// Whether slots are refused while the bucket is known to be down. Default: they are granted.
  public let refuseWhenBucketDown: Bool
  /// The embedded bucket, where an upload service uses it.
  public let embedded: EmbeddedBucketSettings?
  /// The upload services, one or more, in the order of the file.
  public let services: [UploadService]
}

/// The bucket that slotd itself is, in a directory (the section `[embedded]`).
public struct EmbeddedBucketSettings: Sendable, Equatable {
  /// The directory of the files; a relative path of the file was completed with the file's own directory.
  public let directory: String
  /// Where objects are put and got. Default 127.0.0.1:5481.
  public let listen: ListenAddress
  /// The URL under which clients reach it, without a slash at its end. Default: `http://` and ``listen``.
  public let publicURL: String
  /// Whether objects can be read without a signature. Default: they can.
  public let anonymousGet: Bool
  /// The HTTP status of an upload that worked, 200 or 201. Default 200.
  public let uploadStatus: Int
  /// Bytes of the largest object, 1 to 5 GiB. Default 5 GiB.
  public let maxObjectSize: Int
  /// The web origins that may use it, or `*` for all. Default: all.
  public let corsOrigins: [String]
}
