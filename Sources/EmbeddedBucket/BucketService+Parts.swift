internal import CLinux
internal import Glibc
internal import Reactor
internal import Signing
internal import Wire

/// Uploads in parts: what the tools of the field make of a file of more than 8 MiB.
extension BucketService {
  /// Takes CreateMultipartUpload.
  func createUpload(_ call: Call) throws(S3Error) -> BodySink {
    let fields = try storedFields(call.request.fields)
    let key = try call.request.key()
    return WorkSink(nil, in: store, call.exchange) { [store, options] (_) throws(S3Error) in
      let record = ObjectRecord(
        key: key, size: 0, etag: ETag(MD5.Digest(repeating: 0)), modified: slotd_unix_seconds(),
        fields: fields)
      let upload = try disk { () throws(SystemError) in
        try PartedUpload.create(record, in: store)
      }
      var document = XMLWriter()
      document.root("InitiateMultipartUploadResult") { xml in
        xml.leaf("Bucket", options.name)
        xml.leaf("Key", key.bytes)
        xml.leaf("UploadId", upload.id)
      }
      return .document(.ok, document)
    }
  }

  /// Takes UploadPart.
  func uploadPart(_ call: Call) throws(S3Error) -> BodySink {
    let request = call.request
    guard let number = try request.query.number("partNumber", in: PartedUpload.numbers) else {
      throw S3Error(.invalidArgument, "The part's number is missing.")
        .with("ArgumentName", "partNumber")
    }
    // Refuses what would not be done; the fields of the object were given at the beginning.
    _ = try storedFields(request.fields)
    let plan = UploadPlan(
      key: try request.key(), destination: .part(try openUpload(request, in: store), number),
      body: try BodyClaims(request.fields, call.payload, sizeMax: options.sizeMax))
    return UploadSink(plan, in: store, call.exchange)
  }

  /// Takes AbortMultipartUpload.
  func abortUpload(_ call: Call) throws(S3Error) -> BodySink {
    let upload = try openUpload(call.request, in: store)
    return WorkSink(nil, in: store, call.exchange) { [store] (_) throws(S3Error) in
      try disk { () throws(SystemError) in try upload.remove(from: store.layout.uploads) }
      return .empty(.noContent)
    }
  }

  /// Takes CompleteMultipartUpload.
  func completeUpload(_ call: Call) throws(S3Error) -> BodySink {
    let upload = try openUpload(call.request, in: store)
    let condition = try condition(call.request.fields)
    // Its checksum would be that of the object.
    let claims = try BodyClaims(
      call.request.fields, call.payload, sizeMax: WorkSink.bodyBytesMax, hasChecksum: false)
    return WorkSink(claims, in: store, call.exchange) { [store, options] (body) throws(S3Error) in
      let parts = try PartList(document: body.span)
      let etag = try upload.complete(
        parts, in: store, sizeMax: options.sizeMax, if: condition)
      var document = XMLWriter()
      document.root("CompleteMultipartUploadResult") { xml in
        xml.leaf("Bucket", options.name)
        xml.leaf("Key", upload.record.key.bytes)
        xml.leaf("ETag", etag.quoted)
      }
      return .document(.ok, document)
    }
  }

  private func openUpload(
    _ request: BucketRequest, in store: Store
  ) throws(S3Error) -> PartedUpload {
    let id = request.query["uploadId"] ?? ""
    let key = try request.key()
    let upload = try disk { () throws(SystemError) in
      try PartedUpload.open(id, in: store.layout.uploads)
    }
    guard let upload, upload.record.key == key else {
      throw S3Error(
        .noSuchUpload,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."
      ).with("UploadId", id)
    }
    return upload
  }
}

/// The parts that a client says an upload has.
struct PartList {
  /// The number of a part, and its tag without quotes.
  private(set) var parts: [(number: UInt64, etag: String)] = []

  /// Reads the body of CompleteMultipartUpload.
  init(document: Span<UInt8>) throws(S3Error) {
    var number: UInt64?
    var etag: String?
    try forEachElement(in: document) { (depth, name, text) throws(S3Error) in
      switch (depth, name) {
      case (0, "CompleteMultipartUpload"): break
      case (1, "Part"):
        guard let given = number, let tag = etag, PartedUpload.numbers.contains(given) else {
          throw .malformedXML("A Part needs a PartNumber from 1 to 10000 and an ETag.")
        }
        parts.append((given, tag))
        (number, etag) = (nil, nil)
      case (2, "PartNumber"): number = UInt64(decimal: text.span)
      case (2, "ETag"): etag = Preconditions.plain(String(decoding: text, as: UTF8.self))
      // The checksums of the parts were looked at when they came, or not at all.
      case (2, _) where name.hasPrefix("Checksum"): break
      default: throw .malformedXML("The element \(name) is not known there.")
      }
    }
    guard 1...PartedUpload.numbers.count ~= parts.count else {
      throw .malformedXML("There must be 1 to 10000 parts.")
    }
    for (part, next) in zip(parts, parts.dropFirst()) where part.number >= next.number {
      throw S3Error(
        .invalidPartOrder,
        "The list of parts was not in ascending order. The parts list must be specified in order by part number."
      )
    }
  }
}

extension PartedUpload {
  /// Makes the parts, one behind the other, an object, and removes them. Waits for the disk.
  fileprivate func complete(
    _ list: PartList, in store: Store, sizeMax: UInt64, if condition: Store.Condition
  ) throws(S3Error) -> ETag {
    var md5 = MD5()
    let file = try disk { () throws(SystemError) in try store.temporary() }
    for (place, (number, etag)) in list.parts.enumerated() {
      let part = try open(number, etag)
      if place < list.parts.count - 1, part.record.size < Self.partBytesMin {
        throw S3Error(
          .entityTooSmall, "Your proposed upload is smaller than the minimum allowed size"
        ).with("PartNumber", String(number)).with("ProposedSize", String(part.record.size))
          .with("MinSizeAllowed", String(Self.partBytesMin))
      }
      let size = UInt64(file.size) + part.record.size
      guard size <= sizeMax else { throw .entityTooLarge(size, sizeMax) }
      md5.update(part.record.etag.digest.span)
      do throws(SystemError) {
        try file.append(part.file, count: Int64(part.record.size))
      } catch {
        throw .storage(error)
      }
    }
    var record = record
    record.size = UInt64(file.size)
    record.etag = ETag(md5.finish(), parts: UInt32(list.parts.count))
    record.modified = slotd_unix_seconds()
    let isMet = try disk { () throws(SystemError) in
      try store.commit(file, as: record, if: condition)
    }
    guard isMet else { throw .preconditionFailed(condition.field) }
    // The object is there; what cannot be removed now is at a later start.
    _ = try? remove(from: store.layout.uploads)
    return record.etag
  }

  private func open(_ number: UInt64, _ etag: String) throws(S3Error) -> StoredObject {
    do throws(SystemError) {
      if let part = try StoredObject.read(Self.fileName(of: number), in: directory),
        part.record.etag.text == etag
      {
        return part
      }
    } catch {
      guard error.number == ENOENT else { throw .storage(error) }
    }
    throw S3Error(
      .invalidPart,
      "One or more of the specified parts could not be found. The part might not have been uploaded, or the specified entity tag might not have matched the part's entity tag."
    ).with("PartNumber", String(number)).with("ETag", etag)
  }
}
