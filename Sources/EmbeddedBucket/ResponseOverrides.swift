internal import Wire

/// The fields that a signed GET may give other values than the object was stored with: `response-content-type` and its kin
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
struct ResponseOverrides {
  /// Fields that are stored with an object and given back as they are.
  static let plainNames = ["cache-control", "content-encoding", "content-language", "expires"]
  /// Fields that are stored with an object, without its metadata.
  static let names = ["content-type", "content-disposition"] + plainNames

  private var values: [(name: String, value: [UInt8])] = []

  /// Throws `InvalidArgument` where a value cannot stand in a field.
  init(_ query: Query) throws(S3Error) {
    for name in Self.names {
      guard let value = query[bytes: "response-\(name)"] else { continue }
      guard value.allSatisfy(\.isFieldValueCharacter), !value.isEmpty else {
        throw S3Error(
          .invalidArgument, "response-\(name) must not be empty or hold control characters."
        ).with("ArgumentName", "response-\(name)")
      }
      values.append((name, value))
    }
  }

  var isEmpty: Bool { values.isEmpty }

  subscript(_ name: String) -> [UInt8]? { values.first { $0.name == name }?.value }
}
