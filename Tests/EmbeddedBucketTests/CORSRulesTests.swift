import TestSupport
import Testing
import Wire

@testable import EmbeddedBucket

@Suite struct CORSRulesTests {
  private static func rule(_ inside: String) -> String {
    "<CORSConfiguration><CORSRule>\(inside)</CORSRule></CORSConfiguration>"
  }

  private static let simple =
    "<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>"

  @Test func aDocumentIsReadAndWrittenAgain() throws {
    let document = """
      <?xml version="1.0" encoding="UTF-8"?>
      <CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        <CORSRule>
          <ID>chat &amp; more</ID>
          <AllowedOrigin>https://*.example.org</AllowedOrigin>
          <AllowedOrigin>https://chat.example.net</AllowedOrigin>
          <AllowedMethod>PUT</AllowedMethod>
          <AllowedHeader>Content-*</AllowedHeader>
          <ExposeHeader>ETag</ExposeHeader>
          <MaxAgeSeconds>600</MaxAgeSeconds>
        </CORSRule>
        <CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>
      </CORSConfiguration>
      """
    let rules = try CORSRules(document: document.utf8.span)
    #expect(rules.rules.count == 2)
    #expect(rules.rules[0].id == "chat & more")
    #expect(rules.rules[0].origins == ["https://*.example.org", "https://chat.example.net"])
    #expect(rules.rules[0].maxAgeSeconds == 600)
    #expect(try CORSRules(document: rules.document.bytes.span) == rules)
    let standard = CORSRules(openTo: ["*"])
    #expect(try CORSRules(document: standard.document.bytes.span) == standard)
  }

  @Test(arguments: [
    ("", "MalformedXML", "nothing"),
    ("<CORSConfiguration/>", "MalformedXML", "no rule"),
    ("<Other><CORSRule/></Other>", "MalformedXML", "another document"),
    (rule("<AllowedOrigin>*</AllowedOrigin>"), "MalformedXML", "no method"),
    (rule("<AllowedMethod>GET</AllowedMethod>"), "MalformedXML", "no origin"),
    (rule(simple + "<AllowedMethod>PATCH</AllowedMethod>"), "InvalidRequest", "an unknown method"),
    (rule(simple + "<AllowedMethod>get</AllowedMethod>"), "InvalidRequest", "in lower case"),
    (rule(simple + "<AllowedOrigin>*.*</AllowedOrigin>"), "InvalidRequest", "two wildcards"),
    (rule(simple + "<AllowedOrigin>a b</AllowedOrigin>"), "MalformedXML", "a space"),
    (rule(simple + "<AllowedOrigin>a&#13;b</AllowedOrigin>"), "MalformedXML", "a line end"),
    (rule(simple + "<ExposeHeader>a: b</ExposeHeader>"), "MalformedXML", "no name of a field"),
    (rule(simple + "<MaxAgeSeconds>-1</MaxAgeSeconds>"), "MalformedXML", "less than nothing"),
    (rule(simple + "<Nonsense/>"), "MalformedXML", "an unknown element"),
    (
      "<CORSConfiguration>"
        + String(repeating: "<CORSRule>\(simple)</CORSRule>", count: 101) + "</CORSConfiguration>",
      "MalformedXML", "a rule too many"
    ),
  ])
  func refused(_ document: String, _ code: String, _ reason: String) {
    let error = #expect(throws: S3Error.self) { try CORSRules(document: document.utf8.span) }
    #expect(error?.code.name.description == code, "\(reason)")
  }

  @Test(arguments: [
    ("*", "https://a.example", true, "anybody"),
    ("https://a.example", "https://a.example", true, "the one"),
    ("https://a.example", "https://a.example.evil", false, "one that begins so"),
    ("https://a.example", "http://a.example", false, "another scheme"),
    ("https://*.example", "https://a.example", true, "a subdomain"),
    ("https://*.example", "https://a.b.example", true, "two subdomains"),
    ("https://*.example", "https://example", false, "none"),
    ("https://*example", "https://evilexample", true, "a star is any text"),
    ("https://a*a", "https://a", false, "both ends cannot share a letter"),
  ])
  func origin(_ pattern: String, _ origin: String, _ isAllowed: Bool, _ reason: String) {
    let rules = CORSRules(rules: [CORSRules.Rule(origins: [pattern], methods: ["PUT"])])
    #expect((rules.grant(origin: origin, method: "PUT") != nil) == isAllowed, "\(reason)")
    #expect(rules.grant(origin: origin, method: "DELETE") == nil)
  }

  @Test(arguments: [
    (["*"], ["x", "content-type"], true, "all"),
    (["Content-*"], ["content-type"], true, "case does not matter"),
    (["Content-*"], ["content-type", "x"], false, "each must be allowed"),
    ([], ["x"], false, "none"),
    ([], [], true, "none are asked for"),
  ])
  func headers(_ allowed: [String], _ asked: [String], _ isAllowed: Bool, _ reason: String) {
    let rules = CORSRules(rules: [
      CORSRules.Rule(origins: ["*"], methods: ["PUT"], headers: allowed)
    ])
    let grant = rules.preflight(origin: "https://a", method: "PUT", headers: asked)
    #expect((grant != nil) == isAllowed, "\(reason)")
  }
}
