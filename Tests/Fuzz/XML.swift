import Wire

@testable import EmbeddedBucket
@testable import ObjectStore

/// XML: the client's tree, the bucket's walk and the reader of credentials agree, and what the bucket writes is read as it was.
func fuzzXML(_ bytes: [UInt8]) {
  guard let text = String(validating: bytes, as: UTF8.self) else {
    // Whoever checks nothing must at least come to an end.
    _ = XMLElement.read(bytes)
    return
  }
  var leaf = XMLWriter()
  leaf.root("a") { $0.text(text) }
  require(XMLElement.read(leaf.bytes) == XMLElement(name: "a", text: text), "a text changes")

  var leaves: [XMLElement] = []
  var fields: [String: String] = [:]
  let walk = Result { () throws(EmbeddedBucket.S3Error) in
    try forEachElement(in: bytes.span) { _, name, text in
      let text = String(decoding: text, as: UTF8.self)
      leaves.append(XMLElement(name: name, text: text))
      fields[name] = text
    }
  }
  let tree = XMLElement.read(bytes)
  let credentials = CredentialAnswer(xml: bytes)
  switch (tree, walk) {
  case (nil, .failure): require(credentials == nil, "credentials in what is no document")
  case (let tree?, .success):
    require(tree.walk.map(\.name) == leaves.map(\.name), "other elements")
    for (element, leaf) in zip(tree.walk, leaves) where element.children.isEmpty {
      require(element.text == leaf.text, "other texts")
    }
    var document = XMLWriter()
    document.root(tree.name) { $0.inside(tree) }
    require(XMLElement.read(document.bytes) == tree, "written again, it is another document")
    guard let credentials else { fatalError("no answer in a document") }
    let code = fields["Code"] ?? fields["code"]
    if fields["Code"] == nil || fields["code"] == nil {
      require(
        (credentials.errorCode == nil) == (code == nil || code == "Success"), "a code is lost")
    }
  default: fatalError("\(String(describing: tree)), but \(walk)")
  }
}

extension XMLElement {
  /// The elements in the order of their ends.
  fileprivate var walk: [XMLElement] { children.flatMap(\.walk) + [self] }
}

extension XMLWriter {
  /// Writes what stands in an element.
  fileprivate mutating func inside(_ element: XMLElement) {
    text(element.text)
    for child in element.children { self.element(child.name) { $0.inside(child) } }
  }
}
