internal import Reactor
internal import Wire

extension BucketService {
  /// Answers GET and HEAD of an object.
  func download(
    _ request: BucketRequest, _ exchange: Exchange, isSigned: Bool, _ response: inout Response
  ) throws(S3Error) {
    let key = try request.key()
    let overrides = try ResponseOverrides(request.query)
    guard isSigned || overrides.isEmpty else {
      throw S3Error(
        .invalidRequest,
        "Request specific response headers cannot be used for anonymous GET requests.")
    }
    let object = try open(key)
    let record = object.record
    let fields = request.fields
    switch Preconditions.judge(fields, etag: record.etag, modified: record.modified) {
    case .met: break
    case .failed(let field): throw .preconditionFailed(field)
    case .notModified:
      exchange.begin(.notModified, &response)
      writeValidators(record, &response)
      return response.writer.endWithoutBody()
    }
    let holds = Preconditions.rangeHolds(fields, etag: record.etag, modified: record.modified)
    let range = RangeRequest(holds ? fields[bytes: "range"] : nil, size: record.size)
    var (offset, count) = (UInt64(0), record.size)
    switch range {
    case .whole: exchange.begin(.ok, &response)
    case .part(let start, let length):
      (offset, count) = (start, length)
      exchange.begin(.partialContent, &response)
      response.writer.field(
        "Content-Range", "bytes \(start)-\(start + length - 1)/\(record.size)".utf8.span)
    case .unsatisfiable:
      throw S3Error(.invalidRange, "The requested range is not satisfiable")
        .with("RangeRequested", fields[bytes: "range"] ?? [])
        .with("ActualObjectSize", String(record.size))
        .withField("Content-Range", "bytes */\(record.size)")
    }
    writeValidators(record, &response)
    response.writer.field("Accept-Ranges", "bytes")
    write(record, overrides, &response)
    let file = object.takeFile()
    response.endHead(file: file, offset: Int64(offset), count: count)
  }

  private func open(_ key: ObjectKey) throws(S3Error) -> StoredObject {
    do throws(SystemError) {
      if let object = try store.open(key) { return object }
    } catch {
      throw .storage(error)
    }
    throw .noSuchKey(key)
  }

  private func writeValidators(_ record: ObjectRecord, _ response: inout Response) {
    response.writer.field("ETag", record.etag.quoted.utf8.span)
    var date = ByteBuffer(capacity: 32)
    date.append(imfFixdate: CivilTime(unixSeconds: record.modified))
    response.writer.field("Last-Modified", date.bytes)
  }

  /// Writes the fields that the object was stored with, and those that keep it from doing harm.
  private func write(
    _ record: ObjectRecord, _ overrides: ResponseOverrides, _ response: inout Response
  ) {
    let type =
      overrides["content-type"] ?? record.value(of: "content-type")
      ?? Array("binary/octet-stream".utf8)
    response.writer.field("Content-Type", type.span)
    let disposition =
      overrides["content-disposition"]
      ?? MediaSafety.disposition(record.value(of: "content-disposition"), contentType: type)
    if let disposition { response.writer.field("Content-Disposition", disposition.span) }
    for name in ResponseOverrides.plainNames {
      if let value = overrides[name] ?? record.value(of: name) {
        response.writer.field(named: name, value)
      }
    }
    for field in record.fields where field.name.hasPrefix("x-amz-meta-") {
      response.writer.field(named: field.name, field.value)
    }
    MediaSafety.write(&response.writer)
  }
}

extension ResponseWriter {
  /// Writes one field that was checked when it came.
  fileprivate mutating func field(named name: String, _ value: [UInt8]) {
    buffer.append(name.utf8.span)
    buffer.append(": ")
    buffer.append(value.span)
    buffer.append("\r\n")
  }
}
