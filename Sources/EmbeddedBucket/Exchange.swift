internal import Reactor
internal import Wire

/// One request and its answer, for a log.
public struct BucketEvent: Sendable {
  /// The method as sent.
  public let method: String
  /// The path as sent, without the query, which may hold a signature.
  public let path: String
  /// The status of the answer.
  public let status: UInt16
  /// What the answer calls the request, as `x-amz-request-id`.
  public let requestID: String
}

/// One request on its way to an answer: what every answer has, whoever writes it and when.
struct Exchange {
  let method: String
  /// The path as sent: what errors call the resource.
  let resource: [UInt8]
  let requestID: String
  /// What the rules for web pages grant to the page that sent the request.
  var grant: CORSGrant?
  /// Who wants to know about answers.
  let observer: ((BucketEvent) -> Void)?

  /// Writes the status line and the fields that every answer has.
  func begin(_ status: Status, _ response: inout Response) {
    response.writer.begin(status)
    response.writer.field("x-amz-request-id", requestID.utf8.span)
    grant?.write(&response.writer)
    observer?(
      BucketEvent(
        method: method, path: String(decoding: resource, as: UTF8.self), status: status.code,
        requestID: requestID))
  }

  /// Answers with a status and no body.
  func answer(_ status: Status, _ response: inout Response) {
    begin(status, &response)
    response.writer.endWithoutBody()
  }

  /// Answers with an XML document, and one more `field` where one is needed.
  func answer(
    _ status: Status, _ document: XMLWriter, field: (name: StaticString, value: String)? = nil,
    _ response: inout Response
  ) {
    begin(status, &response)
    if let field { response.writer.field(field.name, field.value.utf8.span) }
    response.writer.field("Content-Type", "application/xml")
    response.endHead(body: document.bytes)
  }

  /// Answers with an error document
  /// (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses).
  func refuse(_ error: S3Error, _ response: inout Response) {
    var document = XMLWriter()
    document.element("Error") { xml in
      xml.leaf("Code", error.code.name.description)
      xml.leaf("Message", error.message)
      for detail in error.details {
        xml.leaf(detail.name.description, String(decoding: detail.value, as: UTF8.self))
      }
      xml.leaf("Resource", String(decoding: resource, as: UTF8.self))
      xml.leaf("RequestId", requestID)
    }
    answer(error.code.status, document, field: error.field, &response)
  }
}
