internal import Wire

/// What a request asks for: the bucket and the object that its path names, its parameters and its fields.
struct BucketRequest: Sendable {
  let method: RequestHead.Method
  /// The first segment of the path; empty where the path is `/`.
  let bucket: [UInt8]
  /// What follows the slash behind the bucket; empty where the bucket itself is meant.
  let keyBytes: [UInt8]
  let query: Query
  let fields: RequestFields

  /// Takes the target apart: `/bucket/key?parameters`. Throws `InvalidURI` where an escape in it is broken, or the path is not UTF-8.
  init(
    _ head: borrowing RequestHead, _ fields: RequestFields, _ bytes: Span<UInt8>
  ) throws(S3Error) {
    method = head.method
    self.fields = fields
    let path = bytes[head.path]
    let bucketStart = path.starts(with: "/") ? 1 : 0
    let bucketEnd = path.firstIndex(of: UInt8(ascii: "/"), from: bucketStart) ?? path.count
    bucket = try Self.decoded(path.extracting(bucketStart..<bucketEnd))
    keyBytes = try Self.decoded(path.extracting(min(bucketEnd + 1, path.count)...))
    query = try Query(bytes[head.query])
  }

  private static func decoded(_ path: Span<UInt8>) throws(S3Error) -> [UInt8] {
    var decoded = ByteBuffer(capacity: max(path.count, 1))
    guard decoded.append(percentDecoded: path), isUTF8(decoded.bytes) else { throw .invalidURI }
    return Array(copying: decoded.bytes)
  }

  /// The object's key. Throws `KeyTooLongError` where it is.
  func key() throws(S3Error) -> ObjectKey {
    guard let key = ObjectKey(keyBytes) else {
      throw S3Error(.keyTooLong, "Your key is too long")
        .with("Size", String(keyBytes.count)).with("MaxSizeAllowed", String(ObjectKey.bytesMax))
    }
    return key
  }
}

extension S3Error {
  static let invalidURI = S3Error(
    .invalidURI, "Couldn't parse the specified URI: it must be percent-encoded UTF-8.")
}
