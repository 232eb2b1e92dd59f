public import Signing
internal import Wire

/// A request as a client sends it, in parts that a test can change one by one.
public struct SentRequest: Sendable {
  /// The method.
  public var method = "GET"
  /// The path as it stands in the URL.
  public var path = "/"
  /// Names and values as they stand in the URL.
  public var query: [(name: String, value: String)] = []
  /// The fields of the head, `Host` among them.
  public var fields: [(name: String, value: String)] = []

  /// A request for `/`.
  public init() {}

  /// The request that a client makes of a presigned URL.
  public init(_ method: String, _ url: String, _ fields: [(name: String, value: String)] = []) {
    self.method = method
    let rest = url[(url.firstRange(of: "://")?.upperBound ?? url.startIndex)...]
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let mark = rest.firstIndex(of: "?") ?? rest.endIndex
    path = String(rest[slash..<mark])
    query = rest[mark...].dropFirst().split(separator: "&").map { parameter in
      let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(pair[0]), pair.count > 1 ? String(pair[1]) : "")
    }
    self.fields = [("Host", String(rest[..<slash]))] + fields
  }

  /// The head as it is sent.
  public var text: String {
    let query = query.map { $0.name + "=" + $0.value }.joined(separator: "&")
    let head = "\(method) \(path)\(query.isEmpty ? "" : "?" + query) HTTP/1.1\r\n"
    return head + fields.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
  }

  /// The value of the parameter called `name`; setting it leaves one.
  public subscript(parameter name: String) -> String {
    get { query.first { $0.name == name }?.value ?? "" }
    set {
      query.removeAll { $0.name == name }
      query.append((name, newValue))
    }
  }

  /// The value of the field called `name`; setting it leaves one.
  public subscript(field name: String) -> String {
    get { fields.first { $0.name.lowercased() == name.lowercased() }?.value ?? "" }
    set {
      fields.removeAll { $0.name.lowercased() == name.lowercased() }
      fields.append((name, newValue))
    }
  }

  /// What the verifier makes of it.
  public func verify(
    at now: Int64, with signer: inout Signer, _ identities: [SigningIdentity]
  ) -> Verification? {
    verification(of: Array(text.utf8), at: now, with: &signer, identities)
  }
}

/// What the verifier makes of a request, or nil where it is not even HTTP.
public func verification(
  of bytes: [UInt8], at now: Int64, with signer: inout Signer, _ identities: [SigningIdentity]
) -> Verification? {
  var head = RequestHead()
  guard head.parse(bytes.span) == .complete else { return nil }
  return signer.verify(head, in: bytes.span, now: now) { key in
    let key = key.text
    return identities.first { $0.credentials.accessKeyID == key }
  }
}

extension Verification {
  /// Whether the request is to be obeyed.
  public var isAccepted: Bool {
    if case .accepted = self { true } else { false }
  }

  /// Why it is not.
  public var refusal: SignatureRefusal? {
    if case .refused(let refusal) = self { refusal } else { nil }
  }
}
