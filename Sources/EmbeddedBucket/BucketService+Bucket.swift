internal import Reactor
internal import Signing
internal import Wire

extension BucketService {
  // MARK: - CORS

  /// Who may use the bucket from a web page.
  var corsRules: CORSRules { store.corsRules ?? CORSRules(openTo: options.pageOrigins) }

  /// Answers what a browser asks before a page's request (https://fetch.spec.whatwg.org/#http-cors-protocol).
  func preflight(
    _ request: BucketRequest, _ exchange: Exchange, _ response: inout Response
  ) throws(S3Error) {
    let fields = request.fields
    guard let origin = fields["origin"] else {
      throw S3Error(
        .invalidRequest, "Insufficient information. Origin request header needed.")
    }
    guard let method = fields["access-control-request-method"] else {
      throw S3Error(.invalidRequest, "Invalid Access-Control-Request-Method: null")
    }
    let headers = fields.list("access-control-request-headers").map { $0.lowercased() }
    guard
      let grant = corsRules.preflight(origin: origin, method: method, headers: headers)
    else {
      throw S3Error(
        .accessForbidden,
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
      ).with("Method", method).with("ResourceType", "OBJECT")
    }
    var granted = exchange
    granted.grant = grant
    granted.answer(.ok, &response)
  }

  func getCORS(_ call: Call, _ response: inout Response) throws(S3Error) {
    let rules = corsRules
    guard !rules.rules.isEmpty else {
      throw S3Error(.noSuchCORSConfiguration, "The CORS configuration does not exist")
        .with("BucketName", options.name)
    }
    call.exchange.answer(.ok, rules.document, &response)
  }

  func putCORS(_ call: Call) throws(S3Error) -> BodySink {
    let claims = try BodyClaims(
      call.request.fields, call.payload,
      sizeMax: UInt64(CORSRules.documentBytesMax))
    return WorkSink(claims, in: store, call.exchange) { [store] (body) throws(S3Error) in
      let rules = try CORSRules(document: body.span)
      try store.set(rules)
      return .empty(.ok)
    }
  }

  func deleteCORS(_ call: Call) -> BodySink {
    WorkSink(nil, in: store, call.exchange) { [store] (_) throws(S3Error) in
      try store.set(.closed)
      return .empty(.noContent)
    }
  }

  // MARK: - What scripts ask

  func getLocation(_ call: Call, _ response: inout Response) {
    var document = XMLWriter()
    // The oldest region has no name in this document.
    let region = options.identity.region
    document.root("LocationConstraint") { xml in xml.text(region == "us-east-1" ? "" : region) }
    call.exchange.answer(.ok, document, &response)
  }

  func getVersioning(_ call: Call, _ response: inout Response) {
    var document = XMLWriter()
    document.root("VersioningConfiguration") { _ in }
    call.exchange.answer(.ok, document, &response)
  }

  func listBuckets(_ call: Call, _ response: inout Response) {
    var document = XMLWriter()
    document.root("ListAllMyBucketsResult") { xml in
      xml.owner()
      xml.element("Buckets") { xml in
        xml.element("Bucket") { xml in
          xml.leaf("Name", options.name)
          xml.leaf("CreationDate", time: store.layout.created)
        }
      }
    }
    call.exchange.answer(.ok, document, &response)
  }

  // MARK: - DeleteObjects

  /// Keys that one request may name.
  private static let keysMax = 1000

  func deleteObjects(_ call: Call) throws(S3Error) -> BodySink {
    let fields = call.request.fields
    let claims = try BodyClaims(
      fields, call.payload, sizeMax: WorkSink.bodyBytesMax)
    let isChecked =
      fields.has("content-md5") || fields.all.contains { $0.name.hasPrefix("x-amz-checksum-") }
    guard isChecked || claims.isChunked else {
      throw S3Error(
        .invalidRequest,
        "Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
    }
    return WorkSink(claims, in: store, call.exchange) { [store] (body) throws(S3Error) in
      .document(.ok, try Self.delete(body, from: store))
    }
  }

  private static func delete(_ body: [UInt8], from store: Store) throws(S3Error) -> XMLWriter {
    var keys: [[UInt8]] = []
    var isQuiet = false
    try forEachElement(in: body.span) { (depth, name, text) throws(S3Error) in
      switch (depth, name) {
      case (0, "Delete"), (1, "Object"): break
      case (1, "Quiet"): isQuiet = text == Array("true".utf8)
      case (2, "Key"): keys.append(text)
      // There is one version of each object, which S3 calls so, and conditions are for those that have more.
      case (2, "VersionId") where text == Array("null".utf8): break
      default: throw .malformedXML("The element \(name) is not known there.")
      }
    }
    guard 1...keysMax ~= keys.count else {
      throw .malformedXML("There must be 1 to \(keysMax) keys.")
    }
    let known = keys.compactMap(ObjectKey.init)
    var failures: [ObjectKey: SystemError] = [:]
    for (key, error) in zip(known, store.remove(known)) { failures[key] = error }
    var document = XMLWriter()
    document.root("DeleteResult") { xml in
      for bytes in keys {
        let failure = ObjectKey(bytes).flatMap { failures[$0] }.map(S3Error.storage)
        if let failure {
          xml.element("Error") { xml in
            xml.leaf("Key", bytes)
            xml.leaf("Code", failure.code.name.description)
            xml.leaf("Message", failure.message)
          }
        } else if !isQuiet {
          // What cannot be there is deleted already.
          xml.element("Deleted") { xml in xml.leaf("Key", bytes) }
        }
      }
    }
    return document
  }
}

extension Store {
  fileprivate func set(_ rules: CORSRules) throws(S3Error) {
    do throws(SystemError) {
      try setCORS(rules)
    } catch {
      throw .storage(error)
    }
  }
}
