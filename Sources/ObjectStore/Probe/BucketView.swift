/// What is to be known of a bucket to explain its answers: what the configuration says of it, without its secrets.
public struct BucketView: Sendable, Equatable {
  /// Where files are read.
  public enum Reading: Sendable, Equatable {
    /// By their plain URL in the bucket.
    case bucket
    /// By their plain URL below `download_url`.
    case elsewhere
    /// By a signed URL.
    case signed
  }

  /// `s3.bucket_url`
  public var url: String
  /// `s3.region`
  public var region: String
  /// The first letters of the access key.
  public var accessKey: String
  /// `s3.add_acl`
  public var addsACL: Bool
  /// `get` and `s3.download_url`
  public var reading: Reading
  /// `s3.ca_file`
  public var caFile: String?
  /// Whether it is slotd's own, which has settings in the place of policies and keys that nobody else knows.
  public var isEmbedded = false

  /// A view of these parts.
  public init(
    url: String, region: String, accessKey: String, addsACL: Bool, reading: Reading,
    caFile: String?
  ) {
    self.url = url
    self.region = region
    self.accessKey = accessKey
    self.addsACL = addsACL
    self.reading = reading
    self.caFile = caFile
  }
}

extension BucketView {
  /// What lets everyone read.
  var toOpen: String {
    isEmbedded
      ? "set embedded.anonymous_get = true, or get = \"presigned\""
      : "let everyone read the files (slotd bucket setup --print writes the policy), set s3.download_url to a server that may, or set get = \"presigned\""
  }

  /// What has uploads answered as XEP-0363 wants it.
  var toCreate: String {
    isEmbedded
      ? "set embedded.upload_status = 201" : "have a proxy before the bucket answer PUT with 201"
  }

  /// What lets nobody read without a signature.
  var toClose: String {
    isEmbedded
      ? "set embedded.anonymous_get = false, or get = \"public\""
      : "take the bucket's public policy away, or set get = \"public\""
  }
}
