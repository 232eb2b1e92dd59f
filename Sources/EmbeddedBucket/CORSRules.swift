internal import Wire

/// Who may use the bucket from a web page: the rules of PutBucketCors
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html).
struct CORSRules: Equatable, Sendable {
  /// One rule. A pattern is bytes in which one `*` may stand for any others.
  struct Rule: Equatable, Sendable {
    var origins: [String] = []
    var methods: [String] = []
    var headers: [String] = []
    var exposedHeaders: [String] = []
    var maxAgeSeconds: UInt64?
    var id: String?
  }

  /// The first that matches counts. No rules: no page of another origin gets anything.
  var rules: [Rule]

  /// Rules that a bucket can have.
  static let rulesMax = 100
  /// Methods that a rule can allow.
  static let methods = ["GET", "PUT", "POST", "DELETE", "HEAD"]

  static let closed = CORSRules(rules: [])

  /// The fields that let a page of `origin` see the answer to its request; nil where no rule does.
  func grant(origin: String, method: String) -> CORSGrant? {
    for rule in rules where rule.allows(origin: origin) && rule.methods.contains(method) {
      return CORSGrant(rule, origin: origin, headers: [])
    }
    return nil
  }

  /// The fields that let a page of `origin` send a request with `headers`, which are in lower case; nil where no rule does.
  func preflight(origin: String, method: String, headers: [String]) -> CORSGrant? {
    for rule in rules where rule.allows(origin: origin) && rule.methods.contains(method) {
      if headers.allSatisfy(rule.allows(header:)) {
        return CORSGrant(rule, origin: origin, headers: headers)
      }
    }
    return nil
  }
}

extension CORSRules {
  /// What an upload bucket starts with: pages of these origins may upload and read; what each may do is said by the URLs it is given.
  init(openTo origins: [String]) {
    let rule = Rule(
      origins: origins, methods: ["GET", "HEAD", "PUT"], headers: ["*"], exposedHeaders: ["ETag"],
      maxAgeSeconds: 7_200)
    rules = origins.isEmpty ? [] : [rule]
  }
}

extension CORSRules.Rule {
  fileprivate func allows(origin: String) -> Bool {
    origins.contains { $0.matches(origin) }
  }

  fileprivate func allows(header: String) -> Bool {
    headers.contains { $0.lowercased().matches(header) }
  }
}

extension String {
  /// Whether `text` is this pattern with its `*`, if it has one, replaced.
  fileprivate func matches(_ text: String) -> Bool {
    guard let star = firstIndex(of: "*") else { return self == text }
    let head = self[..<star]
    let tail = self[index(after: star)...]
    return text.utf8.count >= head.utf8.count + tail.utf8.count && text.hasPrefix(head)
      && text.hasSuffix(tail)
  }
}

/// What a rule grants to one request.
struct CORSGrant: Sendable {
  private let origin: String
  private let methods: String
  private let headers: String
  private let exposedHeaders: String
  private let maxAgeSeconds: UInt64?

  fileprivate init(_ rule: CORSRules.Rule, origin: String, headers: [String]) {
    self.origin = rule.origins.contains("*") ? "*" : origin
    methods = rule.methods.joined(separator: ", ")
    self.headers = headers.joined(separator: ", ")
    exposedHeaders = rule.exposedHeaders.joined(separator: ", ")
    maxAgeSeconds = rule.maxAgeSeconds
  }

  /// Writes the fields that say so.
  func write(_ writer: inout ResponseWriter) {
    writer.field("Access-Control-Allow-Origin", origin.utf8.span)
    // A page of any origin cannot have been trusted with cookies.
    if origin != "*" { writer.field("Access-Control-Allow-Credentials", "true") }
    writer.field("Access-Control-Allow-Methods", methods.utf8.span)
    if !headers.isEmpty { writer.field("Access-Control-Allow-Headers", headers.utf8.span) }
    if !exposedHeaders.isEmpty {
      writer.field("Access-Control-Expose-Headers", exposedHeaders.utf8.span)
    }
    if let maxAgeSeconds { writer.field("Access-Control-Max-Age", maxAgeSeconds) }
    writer.field(
      "Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
  }
}
