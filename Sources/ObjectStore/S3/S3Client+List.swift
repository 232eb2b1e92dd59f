internal import Signing
internal import Wire

/// An object as a list shows it.
public struct ListedObject: Sendable, Equatable {
  /// Its key, below the path of the bucket's URL.
  public let key: String
  /// Its bytes.
  public let size: Int
}

/// What came of deleting many objects: those that are still there.
public struct Undeleted: Sendable, Equatable {
  /// The key, below the path of the bucket's URL.
  public let key: String
  /// The S3 error code.
  public let code: String
}

extension S3Client {
  /// Bytes that a page may have: 1,000 keys of 1,024 bytes, each of which may be escaped, and what stands around them.
  private static let pageBytesMax = 8 * 1_048_576

  /// A page of the objects whose keys begin with `prefix` (ListObjectsV2), and what to ask for the next one with, if there is one.
  public func list(
    prefix: String = "", after token: String? = nil, max: Int = 1_000
  ) throws(S3Failure) -> (objects: [ListedObject], next: String?) {
    // In the order of their names, as servers that do not sort them anew want them for the signature.
    let query =
      (token.map { "continuation-token=\($0.percentEncoded)&" } ?? "")
      + "encoding-type=url&list-type=2&max-keys=\(max)"
      + "&prefix=\((address.prefix + prefix).percentEncoded)"
    let response = try send(
      .get, path: address.bucketPath, query: query, answerBytesMax: Self.pageBytesMax)
    guard let root = XMLElement.read(response.body), root.name == "ListBucketResult" else {
      throw .malformed
    }
    let isEncoded = root["EncodingType"] == "url"
    var objects: [ListedObject] = []
    for entry in root.all("Contents") {
      guard let key = isEncoded ? entry["Key"].percentDecoded : entry["Key"],
        let size = Int(entry["Size"]), key.hasPrefix(address.prefix)
      else { throw .malformed }
      objects.append(ListedObject(key: String(key.dropFirst(address.prefix.count)), size: size))
    }
    guard root["IsTruncated"] == "true" else { return (objects, nil) }
    let next = root["NextContinuationToken"]
    // A page that goes on without saying where would be asked for again and again.
    guard !next.isEmpty, next != token else { throw .malformed }
    return (objects, next)
  }

  /// Calls `body` with every object whose key begins with `prefix`, page by page.
  public func forEachObject(
    prefix: String = "", _ body: (ListedObject) -> Void
  ) throws(S3Failure) {
    var token: String?
    repeat {
      let page = try list(prefix: prefix, after: token)
      for object in page.objects { body(object) }
      token = page.next
    } while token != nil
  }

  /// Deletes objects, `max` at a time, of which S3 takes 1,000 (DeleteObjects); returns those that are still there, and why.
  public func delete(_ keys: [String], max: Int = 1_000) throws(S3Failure) -> [Undeleted] {
    var left: [Undeleted] = []
    for start in stride(from: 0, to: keys.count, by: max) {
      left += try deletePage(keys[start...].prefix(max))
    }
    return left
  }

  private func deletePage(_ keys: ArraySlice<String>) throws(S3Failure) -> [Undeleted] {
    let objects = keys.map { "<Object><Key>\((address.prefix + $0).xmlEscaped)</Key></Object>" }
    let document =
      "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>"
      + objects.joined() + "</Delete>"
    let body = Array(document.utf8)
    let response = try send(
      .post, path: address.bucketPath, query: "delete=", body: body,
      fields: [
        SignedField("content-md5", body.contentMD5),
        SignedField("content-type", "application/xml"),
      ], answerBytesMax: Self.pageBytesMax)
    guard let root = XMLElement.read(response.body), root.name == "DeleteResult" else {
      throw .malformed
    }
    return root.all("Error").map { error in
      Undeleted(key: String(error["Key"].dropFirst(address.prefix.count)), code: error["Code"])
    }
  }
}

extension String {
  /// The text that percent-encoding stands for, with `+` for a space as S3's lists have it; nil where an escape is broken.
  fileprivate var percentDecoded: String? {
    var bytes = ByteBuffer(capacity: max(utf8.count, 1))
    guard bytes.append(percentDecoded: utf8.span, plusIsSpace: true) else { return nil }
    return String(copying: bytes.bytes)
  }

  /// The text as it stands between the tags of XML.
  var xmlEscaped: String {
    var bytes = ByteBuffer(capacity: utf8.count * 6 + 1)
    bytes.append(xml: utf8.span)
    return String(copying: bytes.bytes)
  }
}
