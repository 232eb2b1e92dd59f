internal import Wire

extension CORSRules {
  /// Bytes that the document of the rules may have, as S3 limits it.
  static let documentBytesMax = 65_536

  /// Reads the body of PutBucketCors, or with `mayBeEmpty` what was stored, which may be that there are no rules.
  init(document: Span<UInt8>, mayBeEmpty: Bool = false) throws(S3Error) {
    var rules: [Rule] = []
    var rule = Rule()
    try forEachElement(in: document) { (depth, name, text) throws(S3Error) in
      let text = String(decoding: text, as: UTF8.self)
      switch (depth, name) {
      case (0, "CORSConfiguration"), (3..., _): break
      case (1, "CORSRule"):
        guard !rule.origins.isEmpty, !rule.methods.isEmpty else {
          throw .malformedXML("A CORSRule needs an AllowedOrigin and an AllowedMethod.")
        }
        rules.append(rule)
        rule = Rule()
      case (2, "AllowedOrigin"): rule.origins.append(try Self.pattern(text, name))
      case (2, "AllowedHeader"): rule.headers.append(try Self.pattern(text, name))
      case (2, "ExposeHeader"): rule.exposedHeaders.append(try Self.fieldName(text, name))
      case (2, "AllowedMethod"):
        guard Self.methods.contains(text) else {
          throw S3Error(
            .invalidRequest,
            "Found unsupported HTTP method in CORS config. Unsupported method is \(text)")
        }
        rule.methods.append(text)
      case (2, "MaxAgeSeconds"):
        guard let seconds = UInt64(decimal: text.utf8.span) else {
          throw .malformedXML("MaxAgeSeconds must be a number.")
        }
        rule.maxAgeSeconds = seconds
      case (2, "ID"): rule.id = text
      default: throw .malformedXML("The element \(name) does not belong there.")
      }
    }
    guard (mayBeEmpty ? 0 : 1)...Self.rulesMax ~= rules.count else {
      throw .malformedXML("There must be 1 to \(Self.rulesMax) elements CORSRule.")
    }
    self.rules = rules
  }

  /// An origin or the name of a field, with one `*` at most, that can be written into a field.
  private static func pattern(_ text: String, _ name: String) throws(S3Error) -> String {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.isEmpty else {
      throw .malformedXML("\(name) must be visible ASCII.")
    }
    guard text.utf8.count(where: { $0 == UInt8(ascii: "*") }) <= 1 else {
      throw S3Error(.invalidRequest, "\(name) \"\(text)\" can not have more than one wildcard.")
    }
    return text
  }

  private static func fieldName(_ text: String, _ name: String) throws(S3Error) -> String {
    guard text.utf8.allSatisfy(\.isTokenCharacter), !text.isEmpty else {
      throw .malformedXML("\(name) must be the name of a field.")
    }
    return text
  }

  /// The document that ``init(document:)`` reads.
  var document: XMLWriter {
    var document = XMLWriter()
    document.root("CORSConfiguration") { xml in
      for rule in rules {
        xml.element("CORSRule") { xml in
          if let id = rule.id { xml.leaf("ID", id) }
          for origin in rule.origins { xml.leaf("AllowedOrigin", origin) }
          for method in rule.methods { xml.leaf("AllowedMethod", method) }
          for header in rule.headers { xml.leaf("AllowedHeader", header) }
          for header in rule.exposedHeaders { xml.leaf("ExposeHeader", header) }
          if let seconds = rule.maxAgeSeconds { xml.leaf("MaxAgeSeconds", String(seconds)) }
        }
      }
    }
    return document
  }
}
