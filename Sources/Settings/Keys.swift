/// Every key of the configuration.
enum Keys {
  // MARK: The service

  static let listen = Key(
    .top, "listen", .addresses, default: "127.0.0.1:5480",
    "Where slots are asked for: host:port, [v6]:port or unix:/path; port 0 takes a free one.")
  static let workers = Key(
    .top, "workers", .workers, default: "auto", "Event loops; auto is one a core.")
  static let tokens = SecretKey(
    .top, "tokens", bytesMin: 16, isList: true,
    "Bearer tokens, any of which lets a caller in; without one, listen must be local.")
  static let connectionsMax = Key(
    .top, "connections_max", .integer(1...1_000_000), default: "20000",
    "Connections held open at once, as far as the limit of open files allows; above that, whoever keeps slotd waiting for longest makes room."
  )
  static let headTimeout = Key(
    .top, "head_timeout", .integer(1...3600, "seconds"), default: "10",
    "The longest that the head of a request may take to arrive.")
  static let bodyTimeout = Key(
    .top, "body_timeout", .integer(1...3600, "seconds"), default: "30",
    "The longest pause inside the body of a request.")
  static let idleTimeout = Key(
    .top, "idle_timeout", .integer(1...86400, "seconds"), default: "180",
    "How long a connection waits for its next request; ejabberd loses a request now and then where it is not above 120."
  )
  static let writeTimeout = Key(
    .top, "write_timeout", .integer(1...3600, "seconds"), default: "30",
    "The longest that a peer may leave an answer unread.")
  static let shutdownTimeout = Key(
    .top, "shutdown_timeout", .integer(0...3600, "seconds"), default: "30",
    "How long requests under way may take to end when slotd is told to stop.")
  static let shutdownDelay = Key(
    .top, "shutdown_delay", .integer(0...3600, "seconds"), default: "0",
    "How long slotd goes on serving when it is told to stop, but says that it is not ready, for load balancers to notice."
  )
  static let pidFile = Key(
    .top, "pid_file", .text("the path of a file"),
    "The file that slotd writes its process number to, for slotd reload.")
  static let coreDumps = Key(
    .top, "core_dumps", .boolean, default: "false",
    "Whether the system may write slotd's memory, secrets and all, to a file when it crashes, and debuggers of its own user may look at it."
  )
  static let logFormat = Key(
    .top, "log_format", Form<LogFormat>.choice, default: "human",
    "How a line of the log is written.")
  static let logLevel = Key(
    .top, "log_level", Form<LogLevel>.choice, default: "info", "The least important lines logged.")
  static let logUserKey = SecretKey(
    .top, "log_user_key", bytesMin: 16,
    "The secret that hides users in the log; without this key a new one at each start.")
  static let statusPage = Key(
    .top, "status_page", Form<Bool>.boolean,
    "Whether / shows a status page; without this key, where every listen is a loopback address.")
  static let probeInterval = Key(
    .top, "probe_interval", .integer(0...86400, "seconds"), default: "60",
    "How often a small file is sent to each bucket and read back; 0 never does.")
  static let probeFailures = Key(
    .top, "probe_failures", .integer(1...1000), default: "3",
    "Probes that must fail in a row before slotd calls itself not ready.")
  static let refuseWhenBucketDown = Key(
    .top, "refuse_when_bucket_down", .boolean, default: "false",
    "Whether slots are refused while the probe says that the bucket is down.")
  static let defaultBackend = Key(
    .top, "backend", Form<BackendName>.choice, "The backend of every host that names none.",
    hasVariable: false)

  // MARK: The embedded bucket

  static let embeddedDirectory = Key(
    .top, "embedded.directory", .text("the path of a directory"),
    "Where the embedded bucket keeps its files; required where a host uses it.")
  static let embeddedListen = Key(
    .top, "embedded.listen", .address, default: "127.0.0.1:5481",
    "Where the embedded bucket takes uploads and downloads.")
  static let embeddedPublicURL = Key(
    .top, "embedded.public_url", .url,
    "The URL under which clients reach the embedded bucket; without it, http:// and embedded.listen."
  )
  static let embeddedAnonymousGet = Key(
    .top, "embedded.anonymous_get", .boolean, default: "true",
    "Whether files can be read by their plain URL, without a signature.")
  static let embeddedUploadStatus = Key(
    .top, "embedded.upload_status", .integer(200...201), default: "200",
    "What uploads are answered with: 200, as in S3, or 201, as in XEP-0363, which Siskin and Beagle IM insist on."
  )
  static let embeddedMaxObjectSize = Key(
    .top, "embedded.max_object_size", .integer(1...5_368_709_120, "bytes"), default: "5368709120",
    "The largest object the embedded bucket takes; S3 takes 5 GiB in one piece.")
  static let embeddedCORSOrigins = Key(
    .top, "embedded.cors_origins",
    .list(#""*" or an origin such as "https://chat.example.org""#, of: Origin.read), default: "*",
    "Web pages that may upload and download, until the bucket is told otherwise by PutBucketCors.")

  // MARK: An upload service

  static let backend = Key(
    .host, "backend", Form<BackendName>.choice,
    "Where files go; without this key, what backend at the top says, or else s3.")
  static let expirationTime = Key(
    .host, "expiration_time", .integer(1...604_799, "seconds"), default: "60",
    "How long a PUT URL lives.")
  static let tokenBytes = Key(
    .host, "token_bytes", .integer(16...128, "bytes"), default: "32",
    "Random bytes in the key of every object.")
  static let maxFileSize = Key(
    .host, "max_file_size", .maxFileSize, default: "infinity", "The largest file, in bytes.")
  static let access = Key(
    .host, "access", .access, default: "local",
    "Who may upload: users of the service's own domain, all, or a list of domains and bare JIDs.")
  static let serviceName = Key(
    .host, "service_name", .text("a text that is not empty"), default: "HTTP File Upload",
    "The name that clients show.")
  static let signContentType = Key(
    .host, "sign_content_type", Form<SignContentType>.choice, default: "never",
    "When the bucket is to insist on the announced media type; many clients send another.")
  static let contentTypes = Key(
    .host, "content_types",
    .list(#"a media type such as "image/png" or "image/*""#, of: MediaRange.read),
    "The media types that are let in; without this key, all.")
  static let purposes = Key(
    .host, "purposes",
    .list(Form<FilePurpose>.choice.allowed) { FilePurpose(rawValue: $0) },
    "The purposes of XEP-0363 that are let in; without this key, all.")
  static let domains = Key(
    .host, "domains",
    .list("an XMPP domain") { DomainName.isValid($0) ? $0.lowercased() : nil },
    "The domains whose users come here when a request names no host; without this key, the host less its first label."
  )
  static let keyLayout = Key(
    .host, "key_layout", Form<KeyLayoutName>.choice, default: "token",
    "What an object's key begins with; user lets a user's files be found again and needs jid_key.")
  static let jidKey = SecretKey(
    .host, "jid_key", bytesMin: 16,
    "The secret that hides the JIDs in the keys of key_layout = user.")
  static let get = Key(
    .host, "get", Form<GetModeName>.choice, default: "public",
    "Whether files are read by their plain URL or by a signed one that ends.")
  static let getExpirationTime = Key(
    .host, "get_expiration_time", .integer(1...604_799, "seconds"), default: "604799",
    "How long a signed GET URL lives.")
  static let retention = FilePurpose.allCases.map { purpose in
    Key(
      .host, "retention.\(purpose.rawValue)", .days,
      "How long files of this purpose are kept; without this key, for ever. Needs key_layout = user, and slotd bucket setup."
    )
  }

  // MARK: Its bucket

  static let bucketURL = Key(
    .host, "s3.bucket_url", .url,
    "The bucket, with the path that every key begins with; required with backend s3.")
  static let region = Key(
    .host, "s3.region", .text("the name of a region"),
    "The bucket's region, or auto where the provider says so; required with backend s3.")
  static let accessKeyID = SecretKey(
    .host, "s3.access_key_id",
    "The name of the access key; without one, a key is looked for in the surroundings, as AWS's own programs do."
  )
  static let secretAccessKey = SecretKey(.host, "s3.secret_access_key", "The access key's secret.")
  static let sessionToken = SecretKey(
    .host, "s3.session_token", "The session that a temporary access key belongs to.")
  static let instanceMetadata = Key(
    .host, "s3.instance_metadata", .boolean, default: "false",
    "Whether the metadata service of an EC2 instance is asked for a key where no other source is set up."
  )
  static let addACL = Key(
    .host, "s3.add_acl", .boolean, default: "false",
    "Whether x-amz-acl=public-read is signed into the PUT URL; a bucket policy is the better way.")
  static let downloadURL = Key(
    .host, "s3.download_url", .url,
    "What GET URLs begin with instead of the bucket's URL, for a CDN.")
  static let caFile = Key(
    .host, "s3.ca_file", .text("the path of a file"),
    "Certificates to trust, besides the system's, when slotd itself speaks to the bucket.")

  // MARK: MongooseIM's, for a section that was pasted

  static let host = Key(
    .host, "host", .text("the section's own name"),
    "Accepted from MongooseIM: must equal the section's name.", hasVariable: false)
  static let iqdisc = Key(
    .host, "iqdisc.type", .text("a text"), "Accepted from MongooseIM: has no meaning here.",
    hasVariable: false)

  /// All of them, in the order of the reference.
  static let all: [KeyEntry] =
    [
      listen.entry, workers.entry, tokens.entry, tokens.fileEntry, connectionsMax.entry,
      headTimeout.entry, bodyTimeout.entry, idleTimeout.entry, writeTimeout.entry,
      shutdownTimeout.entry, shutdownDelay.entry, pidFile.entry, coreDumps.entry, logFormat.entry,
      logLevel.entry,
      logUserKey.entry, logUserKey.fileEntry, statusPage.entry,
      probeInterval.entry, probeFailures.entry, refuseWhenBucketDown.entry, defaultBackend.entry,
      embeddedDirectory.entry, embeddedListen.entry, embeddedPublicURL.entry,
      embeddedAnonymousGet.entry, embeddedUploadStatus.entry, embeddedMaxObjectSize.entry,
      embeddedCORSOrigins.entry,
      backend.entry, expirationTime.entry, tokenBytes.entry, maxFileSize.entry, access.entry,
      serviceName.entry, signContentType.entry, contentTypes.entry, purposes.entry, domains.entry,
      keyLayout.entry, jidKey.entry, jidKey.fileEntry, get.entry, getExpirationTime.entry,
    ] + retention.map(\.entry) + [
      bucketURL.entry, region.entry, accessKeyID.entry, accessKeyID.fileEntry,
      secretAccessKey.entry, secretAccessKey.fileEntry, sessionToken.entry, sessionToken.fileEntry,
      instanceMetadata.entry, addACL.entry, downloadURL.entry, caFile.entry, host.entry,
      iqdisc.entry,
    ]
}

// MARK: - Values that only the keys above have

/// A value of `backend`.
enum BackendName: String, Sendable, CaseIterable {
  case s3, embedded
}

/// A value of `key_layout`.
enum KeyLayoutName: String, Sendable, CaseIterable {
  case token, user
}

/// A value of `get`.
enum GetModeName: String, Sendable, CaseIterable {
  case `public`, presigned
}

/// A web origin (RFC 6454): scheme, host and port, or `*` for any.
enum Origin {
  static func read(_ text: String) -> String? {
    if text == "*" { return text }
    guard let address = try? WebAddress(text), address.path.isEmpty else { return nil }
    return text.lowercased()
  }
}

/// A media type, or `*` for its subtype or both (RFC 9110 §12.5.1), without parameters; in lower case.
enum MediaRange {
  static func read(_ text: String) -> String? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= 255 else { return nil }
    guard parts[0] != "*" || parts[1] == "*" else { return nil }
    let isToken = parts.allSatisfy { part in
      part == "*" || (!part.isEmpty && part.utf8.allSatisfy(isTokenByte))
    }
    return isToken ? text.lowercased() : nil
  }

  /// The letters of RFC 9110's tokens, less `*`, which stands for any here.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'+-.^_`|~".utf8.contains(byte)
    }
  }
}
