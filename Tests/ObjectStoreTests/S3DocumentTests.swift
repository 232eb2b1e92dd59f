import Testing

@testable import ObjectStore

struct S3DocumentTests {
  @Test(arguments: [
    (refusal("SlowDown", "Please reduce."), "SlowDown", "Please reduce."),
    ("<Error><Code>A&amp;B</Code><Message>1\n2</Message></Error>", "A&B", "1 2"),
    ("<Error xmlns='x'><Message/></Error>", "", ""),
    ("<html><Code>No</Code></html>", "", ""),
    ("<Error><Code>Cut", "", ""),
    ("<!DOCTYPE Error [<!ENTITY a 'b'>]><Error><Code>&a;</Code></Error>", "", ""),
    ("{}", "", ""), ("", "", ""),
  ])
  func `an error is read, or is none`(_ body: String, _ code: String, _ message: String) {
    let error = S3Error(answer(400, body))
    #expect(error.code == code)
    #expect(error.message == message)
  }

  @Test func `a message is cut, so that no server fills the log`() {
    let error = S3Error(answer(400, refusal("A", String(repeating: "x", count: 5000))))
    #expect(error.message.count == 200)
  }

  @Test(arguments: [
    (answer(301, "", [HTTPField("x-amz-bucket-region", "eu-west-3")]), "eu-west-3"),
    (answer(400, refusal("A", more: "<Region>eu-west-2</Region>")), "eu-west-2"),
    (answer(400, refusal("A", "…; expecting 'eu-west-1'")), "eu-west-1"),
    (answer(400, refusal("A", "expecting 'nothing")), ""),
  ])
  func `the region is found where servers tell it`(_ response: HTTPResponse, _ region: String) {
    #expect(S3Error(response).region == region)
  }

  @Test func `a document is a tree`() throws {
    let text = "<?xml version='1.0'?><a><b>1</b><b>2&lt;</b><c><d/></c><e><![CDATA[<&>]]></e></a>"
    let root = try #require(XMLElement.read(Array(text.utf8)))
    #expect(root.name == "a")
    #expect(root.all("b").map(\.text) == ["1", "2<"])
    #expect(root.children[2].children == [XMLElement(name: "d")])
    #expect(root["e"] == "<&>")
    #expect(root["nothing"] == "")
  }

  @Test(arguments: ["", "<a>", "<a></b>", "<a/><b/>", "<a>&nbsp;</a>", "text", "<a/>text"])
  func `what is malformed is no tree`(_ text: String) {
    #expect(XMLElement.read(Array(text.utf8)) == nil)
  }
}
