internal import Reactor
internal import Wire

extension BucketService {
  /// Takes a PUT of an object.
  func upload(_ call: Call) throws(S3Error) -> BodySink {
    let fields = call.request.fields
    let plan = UploadPlan(
      key: try call.request.key(),
      destination: .object(fields: try storedFields(fields), if: try condition(fields)),
      body: try BodyClaims(fields, call.payload, sizeMax: options.sizeMax))
    return UploadSink(plan, in: store, call.exchange, doneStatus: options.uploadStatus)
  }

  /// Takes a DELETE of an object.
  func delete(_ call: Call) throws(S3Error) -> BodySink {
    let key = try call.request.key()
    return WorkSink(nil, in: store, call.exchange) { [store] (_) throws(S3Error) in
      if let error = store.remove([key])[0] { throw .storage(error) }
      return .empty(.noContent)
    }
  }

  /// What has to be true of the object that is there.
  func condition(_ fields: RequestFields) throws(S3Error) -> Store.Condition {
    if fields.has("if-none-match") {
      guard fields["if-none-match"] == "*" else {
        throw .notImplemented("If-None-Match of a PUT with anything but *")
      }
      return .absent
    }
    guard fields.has("if-match") else { return .none }
    return .etag(fields.list("if-match").map(Preconditions.plain))
  }
}

// MARK: - Fields

extension BucketService {
  /// Fields of S3's that are taken note of elsewhere, or ask for what is so anyway.
  ///
  /// The ACL is among them because clients of upload slots send it: who may read is the bucket's setting.
  private static let harmlessFields = [
    "x-amz-acl", "x-amz-content-sha256", "x-amz-date", "x-amz-decoded-content-length",
    "x-amz-expected-bucket-owner", "x-amz-request-payer", "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token", "x-amz-storage-class", "x-amz-trailer", "x-amz-user-agent",
  ]
  /// Bytes of metadata, names and values, that an object may have.
  private static let metadataBytesMax = 2_048

  /// The fields that an object is stored with. Throws `NotImplemented` where one asks for something that would not be done.
  func storedFields(_ fields: RequestFields) throws(S3Error) -> [ObjectRecord.Field] {
    var stored: [ObjectRecord.Field] = []
    var metadataBytes = 0
    for (name, value) in fields.all {
      if ResponseOverrides.names.contains(name) {
        let value = name == "content-encoding" ? withoutChunking(value) : value
        if !value.isEmpty { stored.append(ObjectRecord.Field(name: name, value: value)) }
      } else if name.hasPrefix("x-amz-meta-") {
        metadataBytes += name.utf8.count - "x-amz-meta-".utf8.count + value.count
        stored.append(ObjectRecord.Field(name: name, value: value))
      } else if name.hasPrefix("x-amz-"), !name.hasPrefix("x-amz-checksum-"),
        !Self.harmlessFields.contains(name)
      {
        throw .headerNotImplemented(name)
      }
    }
    guard metadataBytes <= Self.metadataBytesMax else {
      throw S3Error(
        .metadataTooLarge, "Your metadata headers exceed the maximum allowed metadata size."
      )
      .with("Size", String(metadataBytes))
      .with("MaxSizeAllowed", String(Self.metadataBytesMax))
    }
    return stored
  }

  /// The codings of the content without that of its transfer.
  private func withoutChunking(_ value: [UInt8]) -> [UInt8] {
    let codings = String(decoding: value, as: UTF8.self).split(separator: ",").filter {
      !String($0).utf8.span.trimmed.equalsIgnoringCase("aws-chunked")
    }
    return Array(codings.joined(separator: ",").utf8)
  }
}
