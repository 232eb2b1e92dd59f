/// One upload service (a section `[hosts."…"]`): what it is called, who may use it and where its files go.
public struct UploadService: Sendable, Equatable {
  /// Its name, or the pattern of its names.
  public let host: HostPattern
  /// The domains whose users it serves when a request names no host.
  public let domains: Domains
  /// Where files go.
  public let backend: Backend
  /// Seconds that a PUT URL lives, 1 to 604799. Default 60.
  public let expirationSeconds: Int
  /// Random bytes in the key of every object, 16 to 128. Default 32.
  public let tokenBytes: Int
  /// The largest file. Default: no limit.
  public let maxFileSize: MaxFileSize
  /// Who may upload. Default: users of the service's own domain.
  public let access: AccessRule
  /// The name that clients show. Default "HTTP File Upload".
  public let serviceName: String
  /// When the media type is signed. Default: never.
  public let signContentType: SignContentType
  /// The media ranges that are let in, in lower case (`image/*`); nil lets all in, an empty list none.
  public let contentTypes: [String]?
  /// The purposes that are let in. Default: all.
  public let purposes: Set<FilePurpose>
  /// What an object's key is made of. Default: a random token and the file's name.
  public let keyLayout: KeyLayout
  /// How files are read. Default: by their plain URL.
  public let get: GetMode
  /// Days that files of a purpose are kept, 1 to 36500; a purpose that is missing is kept for ever.
  public let retentionDays: [FilePurpose: Int]

  /// The domains that an upload service stands for without being named.
  public enum Domains: Sendable, Equatable {
    /// Whatever domain the pattern of its host is filled with.
    case any
    /// These, in lower case; possibly none.
    case listed([String])
  }

  /// Where files go.
  public enum Backend: Sendable, Hashable {
    /// A bucket that speaks S3.
    case s3(BucketSettings)
    /// The bucket that slotd itself is: ``Configuration/embedded``.
    case embedded
  }
}

/// The name of an upload service, in lower case: a domain, in which `@HOST@` may stand once for any domain.
public struct HostPattern: Sendable, Hashable, CustomStringConvertible {
  /// What stands before `@HOST@`, or the whole name where there is none.
  public let prefix: String
  /// What stands behind `@HOST@`; nil where there is none.
  public let suffix: String?

  /// The place of any domain, as MongooseIM and ejabberd write it.
  public static let placeholder = "@HOST@"

  /// Whether it names a service for every domain.
  public var isPattern: Bool { suffix != nil }
  /// The name as the configuration has it.
  public var description: String { prefix + (suffix.map { Self.placeholder + $0 } ?? "") }

  /// Reads a name, or says what is wrong with it.
  init(_ text: String) throws(Fault) {
    let pieces = text.split(separator: Self.placeholder, omittingEmptySubsequences: false)
    guard pieces.count <= 2 else { throw Fault("@HOST@ may stand once in a host's name") }
    // Any label in the placeholder's stead shows whether the rest is labels and dots.
    guard DomainName.isValid(pieces.joined(separator: "host")),
      pieces.count == 1 || (pieces[0].isEmpty || pieces[0].hasSuffix(".")),
      pieces.count == 1 || (pieces[1].isEmpty || pieces[1].hasPrefix("."))
    else {
      throw Fault(#"the name is no domain: write it like "upload.example.org" or "upload.@HOST@""#)
    }
    prefix = pieces[0].lowercased()
    suffix = pieces.count == 2 ? pieces[1].lowercased() : nil
  }
}

/// A bucket that speaks S3 (the keys `s3.…`).
public struct BucketSettings: Sendable, Hashable {
  /// The `http` or `https` URL of the bucket, with the path that every key begins with.
  public let bucketURL: String
  /// The region that is signed; `auto` is one.
  public let region: String
  /// The access key; nil where it is to be found in the surroundings (environment, files, the cloud's own services).
  public let credentials: StaticCredentials?
  /// Whether the metadata service of an EC2 instance is asked where no other source is set up. Default: not.
  public let asksInstance: Bool
  /// Whether `x-amz-acl=public-read` is signed into the PUT URL's query. Default: not.
  public let addACL: Bool
  /// What GET URLs begin with instead of ``bucketURL``.
  public let downloadURL: String?
  /// The file of certificates to trust besides the system's, its path completed.
  public let caFile: String?
}

/// An access key whose parts stand in the configuration, or in files that it names.
public struct StaticCredentials: Sendable, Hashable {
  /// A part of it. What a file holds is read when it is needed and kept by nobody here: it may be another by then.
  public enum Part: Sendable, Hashable {
    case value(Secret)
    /// The path of a file that was good when the configuration was loaded.
    case file(String)

    /// The part as it is now; throws which file is to blame, and for what.
    public func read(files reader: FileReader = .system) throws(FileReader.Failure) -> Secret {
      switch self {
      case .value(let secret): secret
      case .file(let path): try reader.secret(path)
      }
    }
  }

  /// The key's name; it is part of every signed URL.
  public let accessKeyID: Part
  /// The key's secret.
  public let secretAccessKey: Part
  /// The session of a temporary key.
  public let sessionToken: Part?

  /// The paths of the files that hold parts of it.
  public var files: [String] {
    [accessKeyID, secretAccessKey, sessionToken].compactMap { part in
      if case .file(let path) = part { path } else { nil }
    }
  }
}
