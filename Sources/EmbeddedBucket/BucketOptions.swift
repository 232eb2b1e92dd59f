public import Signing

/// What a bucket is called, and who may use it.
public struct BucketOptions: Sendable {
  /// The name of the one bucket: the first segment of every path.
  public var name: String
  /// Whose signatures are accepted, for which region.
  public var identity: SigningIdentity
  /// Whether anybody may read an object whose key they know. They may never list, write or delete.
  public var allowsAnonymousReads = true

  /// A bucket whose objects may be read by anybody.
  public init(name: String, identity: SigningIdentity) {
    self.name = name
    self.identity = identity
  }
}
