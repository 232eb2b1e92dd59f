/// How many event loops there are.
public enum Workers: Sendable, Equatable {
  /// One for each core that the process may use.
  case auto
  /// So many, 1 to 1024.
  case count(Int)
}

/// When the `Content-Type` of an upload is signed into its URL.
public enum SignContentType: String, Sendable, CaseIterable {
  /// Never: clients often send another type than they announced.
  case never
  /// When the request names one, as MongooseIM does.
  case whenGiven = "when_given"
  /// Always; a request that names none is signed with `application/octet-stream`.
  case always
}

/// The largest file an upload service takes.
public enum MaxFileSize: Sendable, Equatable {
  /// No limit, and none is told to clients.
  case unlimited
  /// So many bytes, 1 or more.
  case bytes(Int)
}

/// How files are read.
public enum GetMode: Sendable, Equatable {
  /// By the plain URL: the bucket, or what stands before it, lets anyone read who knows the URL.
  case `public`
  /// By a signed URL that lives so many seconds, 1 to 604799.
  case presigned(seconds: Int)
}

/// What an object's key is made of.
public enum KeyLayout: Sendable, Equatable {
  /// `<token>/<filename>`.
  case token
  /// `<purpose>/<keyed hash of the bare JID>/<token>/<filename>`, so that a user's files can be found again; the secret
  /// is the hash's key, without which nobody can tell whose files they are.
  case user(jidKey: Secret)
}

/// What a file is for (XEP-0363 §3.2, version 1.2.0).
public enum FilePurpose: String, Sendable, CaseIterable {
  /// Sent in a message; the default.
  case message
  /// An avatar or the like.
  case profile
  /// May go at a time that the client names.
  case ephemeral
  /// To be kept.
  case permanent
}

/// How a line of the log is written.
public enum LogFormat: String, Sendable, CaseIterable {
  /// For reading.
  case human
  /// One JSON object a line.
  case json
}

/// The least important lines that are still logged; the names are swift-log's.
public enum LogLevel: String, Sendable, CaseIterable {
  case trace, debug, info, notice, warning, error, critical
}

/// Who may upload.
public enum AccessRule: Sendable, Equatable {
  /// Users of the domain that the service belongs to.
  case local
  /// Anyone.
  case all
  /// Users of these domains, and these bare JIDs; all in lower case.
  case list(domains: [String], jids: [String])
}
