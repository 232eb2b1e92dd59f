internal import Reactor
internal import Wire

extension BucketService {
  /// Items that one page of a listing has at most.
  private static let pageItemsMax: UInt64 = 1000

  /// Answers ListObjectsV2, and ListObjects where there is no `list-type=2`.
  func list(_ call: Call, _ response: inout Response) throws(S3Error) {
    let query = call.request.query
    let listing = try Listing(query, bucket: options.name, itemsMax: Self.pageItemsMax)
    let page = store.page(
      prefix: listing.prefix, delimiter: listing.delimiter, from: listing.start,
      count: listing.count)
    call.exchange.answer(.ok, listing.document(page), &response)
  }
}

/// One request for a page of a listing, and its answer
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).
struct Listing {
  let prefix: [UInt8]
  let delimiter: [UInt8]
  let start: ObjectIndex.Start
  let count: Int
  private let bucket: String
  private let query: Query
  private let isVersion2: Bool
  private let isEncoded: Bool

  /// Reads the parameters. Throws `InvalidArgument` where one is not what it should be.
  init(_ query: Query, bucket: String, itemsMax: UInt64) throws(S3Error) {
    self.query = query
    self.bucket = bucket
    switch query["list-type"] {
    case nil: isVersion2 = false
    case "2": isVersion2 = true
    case let other?: throw .invalidArgument("list-type", other, "it must be 2")
    }
    switch query["encoding-type"] {
    case nil: isEncoded = false
    case "url": isEncoded = true
    case let other?: throw .invalidArgument("encoding-type", other, "it must be url")
    }
    prefix = query[bytes: "prefix"] ?? []
    delimiter = query[bytes: "delimiter"] ?? []
    count = Int(min(try query.number("max-keys", in: 0...UInt64(Int32.max)) ?? itemsMax, itemsMax))
    if isVersion2, let token = query["continuation-token"] {
      guard let start = ObjectIndex.Start(token: token) else {
        throw .invalidArgument(
          "continuation-token", token, "The continuation token provided is incorrect")
      }
      self.start = start
    } else if let after = query[bytes: isVersion2 ? "start-after" : "marker"], !after.isEmpty {
      // A marker that is a whole rolled-up prefix stands for all that it was rolled up of.
      let isRolledUp =
        !delimiter.isEmpty && after.starts(with: prefix) && after.count > prefix.count
        && after.suffix(delimiter.count) == delimiter[...]
      start = !isVersion2 && isRolledUp ? .afterPrefix(after) : .afterKey(after)
    } else {
      start = .beginning
    }
  }

  /// The answer.
  func document(_ page: ObjectIndex.Page) -> XMLWriter {
    var document = XMLWriter()
    document.root("ListBucketResult") { xml in
      xml.leaf("Name", bucket)
      xml.leaf("Prefix", encoded(prefix))
      if isVersion2 {
        if let after = query[bytes: "start-after"] { xml.leaf("StartAfter", encoded(after)) }
        if let token = query["continuation-token"] { xml.leaf("ContinuationToken", token) }
        if let next = page.next { xml.leaf("NextContinuationToken", next.token) }
        xml.leaf("KeyCount", String(page.items.count))
      } else {
        xml.leaf("Marker", encoded(query[bytes: "marker"] ?? []))
        if let next = page.next { xml.leaf("NextMarker", encoded(next.marker)) }
      }
      xml.leaf("MaxKeys", String(count))
      if !delimiter.isEmpty { xml.leaf("Delimiter", encoded(delimiter)) }
      if isEncoded { xml.leaf("EncodingType", "url") }
      xml.leaf("IsTruncated", page.next == nil ? "false" : "true")
      for item in page.items { write(item, &xml) }
    }
    return document
  }

  private func write(_ item: ObjectIndex.Item, _ xml: inout XMLWriter) {
    switch item {
    case .prefix(let prefix):
      xml.element("CommonPrefixes") { $0.leaf("Prefix", encoded(prefix)) }
    case .object(let entry):
      xml.element("Contents") { xml in
        xml.leaf("Key", encoded(entry.key))
        xml.leaf("LastModified", time: entry.modified)
        xml.leaf("ETag", entry.etag.quoted)
        xml.leaf("Size", String(entry.size))
        if !isVersion2 || query["fetch-owner"] == "true" { xml.owner() }
        xml.leaf("StorageClass", "STANDARD")
      }
    }
  }

  private func encoded(_ bytes: [UInt8]) -> [UInt8] {
    guard isEncoded else { return bytes }
    var text = ByteBuffer(capacity: bytes.count * 3 + 1)
    text.append(percentEncoded: bytes.span, keepingSlashes: true)
    return Array(copying: text.bytes)
  }
}

extension ObjectIndex.Start {
  /// The place as the first version of the operation says it.
  fileprivate var marker: [UInt8] {
    switch self {
    case .beginning: []
    case .afterKey(let bytes), .afterPrefix(let bytes): bytes
    }
  }
}

extension S3Error {
  fileprivate static func invalidArgument(
    _ name: String, _ value: String, _ why: String
  ) -> S3Error {
    S3Error(.invalidArgument, "\(name): \(why).").with("ArgumentName", name)
      .with("ArgumentValue", value)
  }
}
