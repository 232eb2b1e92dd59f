internal import Wire

/// What an S3 server says when it refuses: the document `<Error>`
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). Nothing of it is trusted to be there.
public struct S3Error: Sendable, Equatable {
  /// The code, such as `SignatureDoesNotMatch`; empty where the answer is not S3's.
  public var code = ""
  /// What the server says to it, shortened to one line of at most 200 characters.
  public var message = ""
  /// The region that the bucket is in, where the server tells.
  public var region = ""
  /// The host that the bucket answers at, where the server tells.
  public var endpoint = ""

  /// Reads an answer, whatever its body is.
  public init(_ response: HTTPResponse) {
    if let root = XMLElement.read(response.body), root.name == "Error" {
      code = Self.line(root["Code"])
      message = Self.line(root["Message"])
      region = Self.line(root["Region"])
      endpoint = Self.line(root["Endpoint"])
    }
    if region.isEmpty { region = Self.line(response.field("x-amz-bucket-region") ?? "") }
    if region.isEmpty { region = Self.expected(message) }
  }

  /// The region in `…; the region 'us-east-1' is wrong; expecting 'eu-west-1'`.
  private static func expected(_ message: String) -> String {
    let parts = message.split(separator: "expecting '", maxSplits: 1)
    guard parts.count == 2, let end = parts[1].firstIndex(of: "'") else { return "" }
    return String(parts[1][..<end])
  }

  /// `text` as part of a log line.
  private static func line(_ text: String) -> String {
    String(text.prefix(200).map { $0.isNewline || $0.isASCII && $0 < " " ? " " : $0 })
  }
}
