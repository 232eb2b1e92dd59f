import Testing
import Wire

/// Which of JSON and XML a client prefers (RFC 9110 §12.5.1).
struct AcceptTests {
  @Test(arguments: [
    ("", false, "nothing said"), ("application/json", false, "JSON"),
    ("application/xml", true, "XML"), ("text/xml", true, "XML by its other name"),
    ("APPLICATION/XML", true, "types have no case"), ("*/*", false, "anything"),
    ("application/*", false, "any application"), ("text/html", false, "neither"),
    ("application/xml, application/json", true, "as good: what is named first"),
    ("application/json, application/xml", false, "as good: what is named first"),
    ("application/xml;q=0.5, application/json", false, "JSON weighs more"),
    ("application/json;q=0.5,application/xml;q=0.6", true, "XML weighs more"),
    ("application/json;q=0.999, application/xml", true, "by the last digit"),
    ("application/xml;q=0", false, "not at all"), ("application/xml;q=0.000", false, "not at all"),
    ("application/xml; q=0.5", true, "white space before a parameter"),
    ("application/xml;Q=0, application/json;q=0.1", false, "parameters have no case"),
    ("application/xml;charset=utf-8;q=0.2, */*;q=0.1", true, "other parameters"),
    ("application/xml;seq=0", true, "another parameter that ends like it"),
    ("application/xml;x=q=0", true, "a value that looks like one"),
    ("text/html, application/xml;q=0.9, */*;q=0.8", true, "what browsers send"),
    (",, application/xml ,", true, "empty elements"), ("application/xmlx", false, "a look-alike"),
  ])
  func preference(_ field: String, _ xml: Bool, _ reason: String) {
    #expect(Accept.prefersXML(field.utf8.span) == xml, "\(reason)")
  }
}
