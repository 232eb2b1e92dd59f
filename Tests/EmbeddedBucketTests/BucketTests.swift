import Signing
import TestSupport
import Testing
import Wire

@testable import EmbeddedBucket

@Suite struct BucketTests {
  private let bucket: LiveBucket

  init() throws { bucket = try LiveBucket() }

  private func base64MD5(_ text: String) -> String {
    var md5 = MD5()
    md5.update(text.utf8.span)
    let digest = md5.finish()
    return written { $0.append(base64: digest.span) } ?? ""
  }

  private func post(_ target: String, _ document: String) throws -> Answer {
    try bucket.sendSigned(
      "POST", target, [("content-md5", base64MD5(document))], body: Array(document.utf8))
  }

  // MARK: - Listing

  @Test func aListingSaysWhatIsThere() throws {
    #expect(try bucket.put("b", [1, 2, 3]))
    #expect(try bucket.put("a&b", []))
    let list = try bucket.sendSigned("GET", "/uploads?list-type=2")
    #expect(list.status == 200)
    #expect(list["content-type"] == "application/xml")
    #expect(list.elements("Key") == ["a&amp;b", "b"])
    #expect(list.elements("Size") == ["0", "3"])
    #expect(list.elements("ETag")[0] == "&quot;d41d8cd98f00b204e9800998ecf8427e&quot;")
    #expect(list.element("KeyCount") == "2")
    #expect(list.element("IsTruncated") == "false")
    #expect(list.element("Name") == "uploads")
    #expect(list.element("LastModified")?.hasSuffix(".000Z") == true)
  }

  @Test(arguments: ["", "&delimiter=/", "&prefix=d/", "&prefix=d/&delimiter=/", "&start-after=d/3"])
  func pagesMakeUpTheWhole(_ parameters: String) throws {
    for name in ["a", "b/1", "b/2", "c", "d/1", "d/2/x", "d/2/y", "d/3", "d/4", "e"] {
      #expect(try bucket.put(name, []))
    }
    let whole = try bucket.sendSigned("GET", "/uploads?list-type=2" + parameters)
    for count in 1...4 {
      var keys: [String] = []
      var prefixes: [String] = []
      var token: String?
      repeat {
        let escaped = token.map { token in
          written { $0.append(percentEncoded: token.utf8.span) } ?? ""
        }
        let page = try bucket.sendSigned(
          "GET",
          "/uploads?list-type=2&max-keys=\(count)\(parameters)"
            + (escaped.map { "&continuation-token=\($0)" } ?? ""))
        keys += page.elements("Key")
        prefixes += page.elements("CommonPrefixes")
        token = page.element("NextContinuationToken")
        #expect(page.element("IsTruncated") == (token == nil ? "false" : "true"))
        #expect(page.elements("Key").count + page.elements("CommonPrefixes").count <= count)
      } while token != nil
      #expect(keys == whole.elements("Key"))
      #expect(prefixes == whole.elements("CommonPrefixes"))
    }
  }

  @Test func theFirstVersionHasMarkers() throws {
    for name in ["a", "b/1", "b/2", "c"] { #expect(try bucket.put(name, [])) }
    var seen: [String] = []
    var marker = ""
    while true {
      let page = try bucket.sendSigned("GET", "/uploads?delimiter=/&max-keys=1&marker=\(marker)")
      seen += page.elements("Key") + page.elements("CommonPrefixes")
      #expect(page.element("KeyCount") == nil)
      guard let next = page.element("NextMarker") else { break }
      marker = next
    }
    #expect(seen == ["a", "<Prefix>b/</Prefix>", "c"])
    let behind = try bucket.sendSigned("GET", "/uploads?marker=b/1")
    #expect(behind.elements("Key") == ["b/2", "c"])
  }

  @Test func keysAreListedExactly() throws {
    let key = "\u{1} <&>\"'\u{1F600}\r\n\t é%2F+"
    #expect(try bucket.put(key, []))
    let plain = try bucket.sendSigned("GET", "/uploads?list-type=2")
    #expect(
      plain.element("Key") == "&#1; &lt;&amp;&gt;&quot;'\u{1F600}&#13;\n\t é%2F+")
    let encoded = try bucket.sendSigned("GET", "/uploads?list-type=2&encoding-type=url")
    #expect(encoded.element("Key") == String(bucket.path(key).dropFirst("/uploads/".count)))
    #expect(encoded.element("EncodingType") == "url")
  }

  @Test(arguments: [
    "list-type=3", "list-type=2&max-keys=-1", "list-type=2&max-keys=x", "encoding-type=base64",
    "list-type=2&continuation-token=x",
  ])
  func aParameterThatIsWrong(_ parameters: String) throws {
    let answer = try bucket.sendSigned("GET", "/uploads?\(parameters)")
    #expect(answer.status == 400)
    #expect(answer.code == "InvalidArgument")
    #expect(answer.element("ArgumentName") != nil)
  }

  // MARK: - Deleting several

  @Test func severalAreDeletedAtOnce() throws {
    for name in ["a", "b&c", "d"] { #expect(try bucket.put(name, [])) }
    let answer = try post(
      "/uploads?delete",
      "<Delete><Object><Key>a</Key></Object><Object><Key>b&amp;c</Key></Object>"
        + "<Object><Key>none</Key></Object></Delete>")
    #expect(answer.status == 200)
    #expect(answer.elements("Key") == ["a", "b&amp;c", "none"])
    let list = try bucket.sendSigned("GET", "/uploads?list-type=2")
    #expect(list.elements("Key") == ["d"])
    let quiet = try post(
      "/uploads?delete", "<Delete><Quiet>true</Quiet><Object><Key>d</Key></Object></Delete>")
    #expect(quiet.elements("Key") == [])
    #expect(bucket.store.objectCount == 0)
  }

  @Test func aThousandKeysOfAnyLength() throws {
    #expect(try bucket.put("last", []))
    let keys = (0..<999).map { "\($0)-" + String(repeating: "&amp;", count: 200) } + ["last"]
    let objects = keys.map { "<Object><Key>\($0)</Key></Object>" }.joined()
    let answer = try post("/uploads?delete", "<Delete>\(objects)</Delete>")
    #expect(answer.elements("Deleted").count == 1000)
    #expect(bucket.store.objectCount == 0)
    let more = try post(
      "/uploads?delete", "<Delete>\(objects)<Object><Key>x</Key></Object></Delete>")
    #expect(more.code == "MalformedXML")
  }

  @Test(arguments: [
    ("<Delete></Delete>", "nothing"),
    ("<Delete><Object></Delete>", "no XML"),
    ("<Other><Object><Key>a</Key></Object></Other>", "another document"),
    ("<Delete><Object><Key>a</Key><VersionId>1</VersionId></Object></Delete>", "a version"),
    ("", "no document"),
  ])
  func aDocumentThatIsWrong(_ document: String, _ reason: String) throws {
    let answer = try post("/uploads?delete", document)
    #expect(answer.status == 400, "\(reason)")
    #expect(answer.code == "MalformedXML", "\(reason)")
  }

  @Test func aDocumentMustBeVouchedFor() throws {
    let document = Array("<Delete><Object><Key>a</Key></Object></Delete>".utf8)
    let bare = try bucket.sendSigned("POST", "/uploads?delete", body: document)
    #expect(bare.code == "InvalidRequest")
    let wrong = [("content-md5", base64MD5("other"))]
    let answer = try bucket.sendSigned("POST", "/uploads?delete", wrong, body: document)
    #expect(answer.code == "BadDigest")
  }

  // MARK: - Web pages

  private let origin = [("Origin", "https://chat.example.org")]

  @Test func anyPageMayUploadAtFirst() throws {
    let preflight = try bucket.send(
      "OPTIONS", bucket.presigned(.put, "a"),
      origin + [
        ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "content-type,x-other"),
      ])
    #expect(preflight.status == 200)
    #expect(preflight["access-control-allow-origin"] == "*")
    #expect(preflight["access-control-allow-methods"]?.contains("PUT") == true)
    #expect(preflight["access-control-allow-headers"] == "content-type, x-other")
    #expect(preflight["access-control-max-age"] == "7200")
    let put = try bucket.send("PUT", bucket.presigned(.put, "a"), origin, body: [1])
    #expect(put["access-control-allow-origin"] == "*")
    #expect(put["access-control-expose-headers"] == "ETag")
    // Errors too, or a page learns nothing of why.
    let refused = try bucket.send("GET", "/uploads/none", origin)
    #expect(refused.status == 404)
    #expect(refused["access-control-allow-origin"] == "*")
    let plain = try bucket.send("GET", "/uploads/a")
    #expect(plain["access-control-allow-origin"] == nil)
  }

  @Test func rulesAreObeyed() throws {
    let document = """
      <CORSConfiguration><CORSRule><AllowedOrigin>https://chat.example.org</AllowedOrigin>\
      <AllowedMethod>PUT</AllowedMethod><AllowedHeader>content-type</AllowedHeader>\
      </CORSRule></CORSConfiguration>
      """
    let fields = [("content-md5", base64MD5(document))]
    let put = try bucket.sendSigned("PUT", "/uploads?cors", fields, body: Array(document.utf8))
    #expect(put.status == 200)
    let get = try bucket.sendSigned("GET", "/uploads?cors")
    #expect(get.element("AllowedOrigin") == "https://chat.example.org")

    func preflight(_ origin: String, _ method: String, _ headers: String) throws -> Answer {
      try bucket.send(
        "OPTIONS", "/uploads/a",
        [
          ("Origin", origin), ("Access-Control-Request-Method", method),
          ("Access-Control-Request-Headers", headers),
        ])
    }
    let allowed = try preflight("https://chat.example.org", "PUT", "Content-Type")
    #expect(allowed["access-control-allow-origin"] == "https://chat.example.org")
    #expect(allowed["access-control-allow-credentials"] == "true")
    #expect(allowed["vary"]?.contains("Origin") == true)
    for (origin, method, headers) in [
      ("https://evil.example", "PUT", "content-type"),
      ("https://chat.example.org", "DELETE", "content-type"),
      ("https://chat.example.org", "PUT", "x-other"),
    ] {
      let refused = try preflight(origin, method, headers)
      #expect(refused.status == 403)
      #expect(refused.code == "AccessForbidden")
      #expect(refused["access-control-allow-origin"] == nil)
    }
    #expect(try bucket.sendSigned("DELETE", "/uploads?cors").status == 204)
    #expect(try bucket.sendSigned("GET", "/uploads?cors").code == "NoSuchCORSConfiguration")
    #expect(try preflight("https://chat.example.org", "PUT", "content-type").status == 403)
  }

  @Test func pagesOfTheOriginsOfTheOptionsMayUploadAtFirst() throws {
    let bucket = try LiveBucket { $0.pageOrigins = ["https://chat.example.org"] }
    func preflight(_ origin: String) throws -> Answer {
      try bucket.send(
        "OPTIONS", "/uploads/a", [("Origin", origin), ("Access-Control-Request-Method", "PUT")])
    }
    let allowed = try preflight("https://chat.example.org")
    #expect(allowed["access-control-allow-origin"] == "https://chat.example.org")
    #expect(try preflight("https://evil.example").status == 403)
    #expect(try bucket.sendSigned("DELETE", "/uploads?cors").status == 204)
    #expect(try preflight("https://chat.example.org").status == 403)
  }

  @Test func noPageMayUploadWhereTheOptionsNameNone() throws {
    let bucket = try LiveBucket { $0.pageOrigins = [] }
    #expect(try bucket.sendSigned("GET", "/uploads?cors").code == "NoSuchCORSConfiguration")
  }

  @Test func aPreflightMustSayWhatItIsFor() throws {
    #expect(try bucket.send("OPTIONS", "/uploads/a").code == "InvalidRequest")
    #expect(try bucket.send("OPTIONS", "/uploads/a", origin).code == "InvalidRequest")
  }

  // MARK: - What scripts ask

  @Test func theBucketIsThere() throws {
    let head = try bucket.sendSigned("HEAD", "/uploads")
    #expect(head.status == 200)
    #expect(head["x-amz-bucket-region"] == "us-east-1")
    #expect(try bucket.sendSigned("HEAD", "/other").status == 404)
    let buckets = try bucket.sendSigned("GET", "/")
    #expect(buckets.elements("Name") == ["uploads"])
    #expect(buckets.element("CreationDate")?.hasSuffix("Z") == true)
    let location = try bucket.sendSigned("GET", "/uploads?location")
    #expect(location.text.contains("<LocationConstraint") == true)
    #expect(try bucket.sendSigned("GET", "/uploads?versioning").status == 200)
    #expect(try bucket.sendSigned("PUT", "/uploads").status == 200)
  }

  @Test(arguments: [
    ("GET", "/uploads?policy"), ("PUT", "/uploads?policy"), ("GET", "/uploads?lifecycle"),
    ("GET", "/uploads?versions"), ("DELETE", "/uploads"), ("GET", "/uploads/a?acl"),
    ("PUT", "/uploads/a?tagging"),
  ])
  func whatIsNotThereSaysSo(_ method: String, _ target: String) throws {
    let answer = try bucket.sendSigned(method, target)
    #expect(answer.status == 501)
    #expect(answer.code == "NotImplemented")
  }

  @Test(arguments: [("POST", "/uploads/a"), ("PATCH", "/uploads/a"), ("POST", "/uploads")])
  func aMethodThatThereIsNot(_ method: String, _ target: String) throws {
    let answer = try bucket.sendSigned(method, target)
    #expect(answer.status == 405)
    #expect(answer.code == "MethodNotAllowed")
  }
}
