public import Signing
internal import Wire

/// Where a bucket is, and what in its URL is the bucket and what the prefix of its keys.
public struct BucketAddress: Sendable, Equatable {
  /// How a URL names the bucket
  /// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html).
  public enum Style: String, Sendable {
    /// `https://s3.example.org/bucket/key`
    case path = "path"
    /// `https://bucket.s3.example.org/key`
    case virtualHost = "virtual host"
  }

  /// How the URL names it.
  public let style: Style
  /// The bucket's name.
  public let bucket: String
  /// What all keys begin with, with a slash at its end; empty where they begin with nothing. Decoded.
  public let prefix: String
  /// `https://`, host and port.
  let origin: String
  /// The host and, where it is not the scheme's own, the port.
  let authority: String
  /// The path of requests about the bucket itself, percent-encoded: `/bucket` or `/`.
  let bucketPath: String

  /// Takes the URL of a bucket apart. A host that begins with a name and `.s3` has the bucket in it, as those of AWS do, and so has
  /// one without a path; everywhere else the bucket is the first segment of the path.
  public init(_ endpoint: Endpoint) {
    authority = String(copying: endpoint.authority)
    origin = (endpoint.isSecure ? "https://" : "http://") + authority
    let host = authority.prefix { $0 != ":" }
    let segments = String(copying: endpoint.path).split(separator: "/").map(String.init)
    let labels = host.split(separator: ".")
    let hasServiceLabel = labels.dropFirst().contains { $0 == "s3" || $0.hasPrefix("s3-") }
    if hasServiceLabel || segments.isEmpty {
      style = .virtualHost
      let end = labels.dropFirst().firstIndex { $0 == "s3" || $0.hasPrefix("s3-") } ?? 1
      bucket = labels.prefix(end).joined(separator: ".")
      bucketPath = "/"
      prefix = Self.prefix(segments[...])
    } else {
      style = .path
      bucket = Self.decoded(segments[0])
      bucketPath = "/" + segments[0]
      prefix = Self.prefix(segments.dropFirst())
    }
  }

  private static func prefix(_ segments: ArraySlice<String>) -> String {
    segments.map { decoded($0) + "/" }.joined()
  }

  private static func decoded(_ text: String) -> String {
    var bytes = ByteBuffer(capacity: max(text.utf8.count, 1))
    return bytes.append(percentDecoded: text.utf8.span) ? String(copying: bytes.bytes) : text
  }

  /// Whether both are the same bucket, whatever the prefix.
  public func isSameBucket(as other: BucketAddress) -> Bool {
    origin == other.origin && bucketPath == other.bucketPath
  }

  /// The URL of the bucket in the other style, for the same prefix; nil where it has no host for it: an address is none, and a name with a dot
  /// is in nobody's certificate.
  public func url(in style: Style) -> String? {
    let path = prefix.isEmpty ? "" : "/" + String(prefix.dropLast()).percentEncodedPath
    guard style != self.style else { return origin + (bucketPath == "/" ? "" : bucketPath) + path }
    let scheme = origin.prefix { $0 != "/" }
    switch style {
    case .virtualHost:
      let host = authority.prefix { $0 != ":" }
      guard host.contains(where: \.isLetter), !host.hasPrefix("["), !bucket.contains(".") else {
        return nil
      }
      return "\(scheme)//\(bucket).\(authority)\(path)"
    case .path:
      guard authority.hasPrefix("\(bucket)."), authority.count > bucket.count + 1 else {
        return nil
      }
      return "\(scheme)//\(authority.dropFirst(bucket.count + 1))/\(bucket)\(path)"
    }
  }
}

extension String {
  /// The text percent-encoded once; slashes stay.
  var percentEncodedPath: String { encoded(keepingSlashes: true) }
  /// The text percent-encoded once, slashes too, as a query has it.
  var percentEncoded: String { encoded(keepingSlashes: false) }

  private func encoded(keepingSlashes: Bool) -> String {
    var bytes = ByteBuffer(capacity: utf8.count * 3 + 1)
    bytes.append(percentEncoded: utf8.span, keepingSlashes: keepingSlashes)
    return String(copying: bytes.bytes)
  }
}
