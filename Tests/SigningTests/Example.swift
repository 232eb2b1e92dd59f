import Signing
import TestSupport
import Testing
import Wire

/// A request as a client sends it, in parts that a test can change one by one.
struct SentRequest {
  var method = "GET"
  var path = "/"
  /// Names and values as they stand in the URL.
  var query: [(name: String, value: String)] = []
  var fields: [(name: String, value: String)] = []

  init() {}

  /// The request that a client makes of a presigned URL.
  init(_ method: String, _ url: String, _ fields: [(name: String, value: String)] = []) {
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

  var text: String {
    let query = query.map { $0.name + "=" + $0.value }.joined(separator: "&")
    let head = "\(method) \(path)\(query.isEmpty ? "" : "?" + query) HTTP/1.1\r\n"
    return head + fields.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
  }

  subscript(parameter name: String) -> String {
    get { query.first { $0.name == name }?.value ?? "" }
    set {
      query.removeAll { $0.name == name }
      query.append((name, newValue))
    }
  }

  subscript(field name: String) -> String {
    get { fields.first { $0.name.lowercased() == name.lowercased() }?.value ?? "" }
    set {
      fields.removeAll { $0.name.lowercased() == name.lowercased() }
      fields.append((name, newValue))
    }
  }

  /// What the verifier makes of it.
  func verify(
    at now: Int64, with signer: inout Signer, _ identities: [SigningIdentity]
  ) -> Verification? {
    verification(of: Array(text.utf8), at: now, with: &signer, identities)
  }
}

/// What the verifier makes of a request, or nil where it is not even HTTP.
func verification(
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
  var isAccepted: Bool {
    if case .accepted = self { true } else { false }
  }

  var refusal: SignatureRefusal? {
    if case .refused(let refusal) = self { refusal } else { nil }
  }
}

extension SigningIdentity {
  /// The one that AWS's documentation signs with.
  static let example = SigningIdentity(
    Credentials(
      accessKeyID: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    region: "us-east-1")
}

/// 24 May 2013, midnight: when AWS's documentation signs.
let exampleTime: Int64 = 1_369_353_600
