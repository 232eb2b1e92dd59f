/// What is wanted of a bucket: what upload services put where, who reads it, and how long it is kept.
public struct BucketPlan: Sendable {
  /// A part of the bucket: what lies below one prefix.
  public struct Part: Sendable, Equatable {
    /// What its keys begin with, with a slash at its end; empty for all keys.
    public var prefix: String
    /// Whether everyone may read.
    public var isPublic: Bool
    /// Whether the access key reads for others, by signed URLs.
    public var isSigned: Bool
    /// Whether uploads carry an ACL.
    public var addsACL: Bool
    /// Days that files are kept, by what their keys go on with behind the prefix (`message/`).
    public var retentionDays: [String: Int]

    /// A part.
    public init(
      prefix: String, isPublic: Bool, isSigned: Bool, addsACL: Bool, retentionDays: [String: Int]
    ) {
      self.prefix = prefix
      self.isPublic = isPublic
      self.isSigned = isSigned
      self.addsACL = addsACL
      self.retentionDays = retentionDays
    }
  }

  /// The bucket's name.
  public var bucket: String
  /// Its parts.
  public var parts: [Part]
  /// The web clients that may upload.
  public var origins: [String]

  /// A plan.
  public init(bucket: String, parts: [Part], origins: [String]) {
    self.bucket = bucket
    self.parts = parts
    self.origins = origins
  }
}

/// A document that makes a bucket what it should be.
public struct BucketDocument: Sendable, Equatable {
  /// Which of the bucket's settings it is, as S3's interface calls it; nil where S3's interface has no place for it.
  public let setting: String?
  /// What it is, for a heading.
  public let title: String
  /// The document.
  public let text: String
  /// Its media type.
  public let contentType: String
}
