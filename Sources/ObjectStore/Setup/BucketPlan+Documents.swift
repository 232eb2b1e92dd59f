internal import Wire

extension BucketPlan {
  /// Everything that the plan needs: what nobody needs is not among it.
  public var documents: [BucketDocument] {
    [accessKeyPolicy, publicPolicy, corsRules, lifecycleRules].compactMap { $0 }
  }

  private func resource(_ rest: String) -> String { "arn:aws:s3:::\(bucket)/\(rest)" }

  /// What the access key may do, and no more (an IAM policy): put, read what it signs GET URLs for, and delete the files of probe and
  /// doctor, which are known by their names.
  private var accessKeyPolicy: BucketDocument {
    var statements = [
      statement("SlotdUploads", "s3:PutObject", parts.map { resource($0.prefix + "*") })
    ]
    let read = parts.filter(\.isSigned).map { resource($0.prefix + "*") }
    if !read.isEmpty { statements.append(statement("SlotdDownloads", "s3:GetObject", read)) }
    let withACL = parts.filter(\.addsACL).map { resource($0.prefix + "*") }
    if !withACL.isEmpty { statements.append(statement("SlotdACL", "s3:PutObjectAcl", withACL)) }
    statements.append(
      statement(
        "SlotdProbe", "s3:DeleteObject",
        parts.flatMap {
          [resource($0.prefix + "*/slotd-probe.txt"), resource($0.prefix + "slotd-doctor-*")]
        }))
    return BucketDocument(
      setting: nil, title: "Policy for the access key (attach it to its user or role)",
      text: policy(statements), contentType: "application/json")
  }

  /// Who may read without a signature: everybody, below the prefixes that are public.
  private var publicPolicy: BucketDocument? {
    let read = parts.filter(\.isPublic).map { resource($0.prefix + "*") }
    guard !read.isEmpty else { return nil }
    return BucketDocument(
      setting: "policy", title: "Bucket policy: everyone may read, nobody may list",
      text: policy([statement("SlotdPublicRead", "s3:GetObject", read, isForAll: true)]),
      contentType: "application/json")
  }

  private func policy(_ statements: [String]) -> String {
    """
    {
      "Version": "2012-10-17",
      "Statement": [
    \(statements.joined(separator: ",\n"))
      ]
    }
    """
  }

  private func statement(
    _ name: String, _ action: String, _ resources: [String], isForAll: Bool = false
  ) -> String {
    let unique = resources.enumerated().filter { !resources[..<$0].contains($1) }.map(\.element)
    let list = unique.map { "        \($0.jsonQuoted)" }.joined(separator: ",\n")
    let principal = isForAll ? "\n      \"Principal\": \"*\"," : ""
    return """
          {
            "Sid": "\(name)",
            "Effect": "Allow",\(principal)
            "Action": "\(action)",
            "Resource": [
      \(list)
            ]
          }
      """
  }

  /// Which web pages may upload and download (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html). Field
  /// names are listed one by one, because not every provider takes `*`.
  private var corsRules: BucketDocument? {
    guard !origins.isEmpty else { return nil }
    let upload = origins.map { "    <AllowedOrigin>\($0.xmlEscaped)</AllowedOrigin>" }
    let exposed = [
      "ETag", "Content-Length", "Content-Range", "Accept-Ranges", "Content-Disposition",
    ]
    .map { "    <ExposeHeader>\($0)</ExposeHeader>" }
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        <CORSRule>
          <ID>slotd-upload</ID>
      \(upload.joined(separator: "\n"))
          <AllowedMethod>PUT</AllowedMethod>
          <AllowedHeader>content-type</AllowedHeader>
          <ExposeHeader>ETag</ExposeHeader>
          <MaxAgeSeconds>3600</MaxAgeSeconds>
        </CORSRule>
        <CORSRule>
          <ID>slotd-download</ID>
          <AllowedOrigin>*</AllowedOrigin>
          <AllowedMethod>GET</AllowedMethod>
          <AllowedMethod>HEAD</AllowedMethod>
          <AllowedHeader>range</AllowedHeader>
      \(exposed.joined(separator: "\n"))
          <MaxAgeSeconds>86400</MaxAgeSeconds>
        </CORSRule>
      </CORSConfiguration>
      """
    return BucketDocument(
      setting: "cors", title: "CORS rules for web clients", text: text,
      contentType: "application/xml")
  }

  /// When files go by themselves
  /// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html).
  private var lifecycleRules: BucketDocument? {
    var rules: [String: Int] = [:]
    for part in parts {
      for (purpose, days) in part.retentionDays {
        // Where two services share a prefix and differ, nothing goes before both would let it go.
        rules[part.prefix + purpose] = max(rules[part.prefix + purpose] ?? 0, days)
      }
    }
    guard !rules.isEmpty else { return nil }
    let text = rules.sorted { $0.key < $1.key }.map { prefix, days in
      """
        <Rule>
          <ID>slotd-\(prefix.xmlEscaped)</ID>
          <Filter><Prefix>\(prefix.xmlEscaped)</Prefix></Filter>
          <Status>Enabled</Status>
          <Expiration><Days>\(days)</Days></Expiration>
        </Rule>
      """
    }
    return BucketDocument(
      setting: "lifecycle", title: "Lifecycle rules: how long files are kept",
      text: """
        <?xml version="1.0" encoding="UTF-8"?>
        <LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        \(text.joined(separator: "\n"))
        </LifecycleConfiguration>
        """, contentType: "application/xml")
  }
}

extension BucketDocument {
  /// Whether what a server gave back is a document of this kind at all.
  func isOfKind(of other: [UInt8]) -> Bool {
    guard let mine = XMLElement.read(Array(text.utf8)) else {
      return other.first { $0 > 0x20 } == UInt8(ascii: "{")
    }
    return XMLElement.read(other)?.name == mine.name
  }

  /// Whether a document that a server gave back says the same, however it is laid out.
  public func isSame(as other: [UInt8]) -> Bool {
    if let mine = XMLElement.read(Array(text.utf8)), let theirs = XMLElement.read(other) {
      return mine.withoutLayout == theirs.withoutLayout
    }
    let theirs = String(decoding: other, as: UTF8.self)
    return text.filter { !$0.isWhitespace } == theirs.filter { !$0.isWhitespace }
  }
}

extension XMLElement {
  /// The same without white space between elements, and with those of the same parent in one order.
  fileprivate var withoutLayout: XMLElement {
    let inside = children.map(\.withoutLayout).sorted { "\($0)" < "\($1)" }
    return XMLElement(name: name, text: inside.isEmpty ? text : "", children: inside)
  }
}

extension String {
  /// The text as JSON has it.
  fileprivate var jsonQuoted: String {
    var bytes = ByteBuffer(capacity: utf8.count * 6 + 2)
    bytes.append("\"")
    bytes.append(json: utf8.span)
    bytes.append("\"")
    return String(copying: bytes.bytes)
  }
}
