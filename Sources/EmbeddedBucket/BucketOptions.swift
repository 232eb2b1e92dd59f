public import Signing
public import Wire

/// What a bucket is called, and who may use it.
public struct BucketOptions: Sendable {
  /// The name of the one bucket: the first segment of every path.
  public var name: String
  /// Whose signatures are accepted, for which region.
  public var identity: SigningIdentity
  /// Whether anybody may read an object whose key they know. They may never list, write or delete.
  public var allowsAnonymousReads = true
  /// What an upload of a whole object is answered with: S3 says `.ok`, XEP-0363 `.created`.
  public var uploadStatus = Status.ok
  /// Bytes that an object may have, at most ``objectBytesMax``.
  public var sizeMax = objectBytesMax
  /// The web origins whose pages may upload and read, `*` for all. PutBucketCors takes the place of this.
  public var pageOrigins = ["*"]

  /// Bytes that any object may have: 5 GiB, as many as S3 takes in one piece.
  public static let objectBytesMax: UInt64 = 5 << 30

  /// A bucket whose objects may be read by anybody.
  public init(name: String, identity: SigningIdentity) {
    self.name = name
    self.identity = identity
  }
}
