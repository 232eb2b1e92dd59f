import Signing
import TestSupport
import Testing

@testable import EmbeddedBucket

@Suite struct ObjectTests {
  private let bucket: LiveBucket

  init() throws { bucket = try LiveBucket() }

  @Test func whatGoesUpComesDown() throws {
    let body = Array("hello, bucket".utf8)
    let put = try bucket.send(
      "PUT", bucket.presigned(.put, "a/b c.txt", length: UInt64(body.count)),
      [("Content-Type", "text/plain")], body: body)
    #expect(put.status == 200)
    // printf 'hello, bucket' | md5sum
    #expect(put["etag"] == "\"cdae5a006da7601f4ecb89d98b19b881\"")
    for target in [bucket.path("a/b c.txt"), try bucket.presigned(.get, "a/b c.txt")] {
      let get = try bucket.send("GET", target)
      #expect(get.status == 200)
      #expect(get.body == body)
      #expect(get["content-type"] == "text/plain")
      #expect(get["etag"] == put["etag"])
      #expect(get["accept-ranges"] == "bytes")
      #expect(get["last-modified"]?.hasSuffix(" GMT") == true)
    }
    let head = try bucket.send("HEAD", bucket.path("a/b c.txt"))
    #expect(head.status == 200)
    #expect(head["content-length"] == "13")
    #expect(head.body == [])
  }

  @Test(arguments: [
    "a", "/", "//", "a//b", ".", "..", "../../etc/passwd", "a/../../b", "a/./b", "\u{0}", "a\u{0}b",
    "A", "a/", "/a", "Ä Ö+&=?%;:@'()!*,$#[]\"<>|\\^`{}~", "\u{1F600}.png", "tab\there",
    "line\r\nend",
    "%2e%2e%2f", "e\u{301}", "\u{E9}", String(repeating: "x", count: 1024),
    String(repeating: "é/", count: 341), "con", ".hidden", "-rf", "a.", "a ", "\u{202E}gpj.exe",
  ])
  func anyUTF8IsAKey(_ key: String) throws {
    let body = Array("content of \(key)".utf8)
    #expect(try bucket.put(key, body))
    #expect(try bucket.send("GET", bucket.path(key)).body == body)
    // Nothing but that one object is there, under its own name.
    let list = try bucket.sendSigned("GET", "/uploads?list-type=2&encoding-type=url")
    #expect(list.elements("Key") == [String(bucket.path(key).dropFirst("/uploads/".count))])
    #expect(try bucket.scratch.names(in: "objects").count == 1)
    #expect(
      Set(try bucket.scratch.names(in: ""))
        == ["slotd-bucket", "objects", "incoming", "uploads"])
    #expect(try bucket.sendSigned("DELETE", bucket.path(key)).status == 204)
    #expect(try bucket.send("GET", bucket.path(key)).code == "NoSuchKey")
    #expect(try bucket.scratch.names(in: "objects") == [])
  }

  @Test func aKeyThatIsTooLongIsRefused() throws {
    let answer = try bucket.sendSigned(
      "PUT", bucket.path(String(repeating: "x", count: 1025)), body: [])
    #expect(answer.code == "KeyTooLongError")
    #expect(answer.element("MaxSizeAllowed") == "1024")
  }

  @Test(arguments: ["/uploads/%FF", "/uploads/%zz", "/uploads/a?x=%", "/uploads/%C3%28"])
  func aPathThatIsNoUTF8IsRefused(_ target: String) throws {
    let answer = try bucket.send("GET", target)
    #expect(answer.status == 400)
    #expect(answer.code == "InvalidURI")
  }

  @Test func aLaterObjectTakesThePlaceOfTheEarlier() throws {
    #expect(try bucket.put("a", Array("first".utf8), [("content-type", "image/png")]))
    #expect(try bucket.put("a", Array("second".utf8)))
    let get = try bucket.send("GET", bucket.path("a"))
    #expect(get.text == "second")
    #expect(get["content-type"] == "binary/octet-stream")
  }

  @Test func fieldsComeBackAsTheyWereGiven() throws {
    let fields = [
      ("cache-control", "max-age=31536000"), ("content-disposition", "attachment; filename=\"ä\""),
      ("content-encoding", "gzip"), ("content-language", "de"), ("content-type", "text/html"),
      ("expires", "Thu, 01 Dec 2033 16:00:00 GMT"), ("x-amz-meta-who", "romeo"),
    ]
    #expect(try bucket.put("a", [1], fields + [("x-amz-acl", "public-read")]))
    let get = try bucket.send("GET", bucket.path("a"))
    for (name, value) in fields { #expect(get[name] == value) }
    #expect(get["x-amz-acl"] == nil)
  }

  @Test func metadataHasALimit() throws {
    let answer = try bucket.sendSigned(
      "PUT", "/uploads/a", [("x-amz-meta-a", String(repeating: "v", count: 2048))], body: [1])
    #expect(answer.code == "MetadataTooLarge")
  }

  @Test(arguments: [
    "x-amz-server-side-encryption", "x-amz-copy-source-range", "x-amz-tagging", "x-amz-grant-read",
    "x-amz-object-lock-mode", "x-amz-something-new",
  ])
  func whatWouldNotBeDoneIsRefused(_ name: String) throws {
    let answer = try bucket.sendSigned("PUT", "/uploads/a", [(name, "value")], body: [1])
    #expect(answer.status == 501)
    #expect(answer.element("Header") == name)
    #expect(bucket.store.objectCount == 0)
  }

  @Test func downloadsDoNoHarmInABrowser() throws {
    #expect(try bucket.put("page", [1], [("content-type", "text/html")]))
    #expect(try bucket.put("picture", [1], [("content-type", "image/png")]))
    for key in ["page", "picture"] {
      let get = try bucket.send("GET", bucket.path(key))
      #expect(
        get["content-security-policy"]
          == "default-src 'none'; frame-ancestors 'none'; sandbox")
      #expect(get["x-content-type-options"] == "nosniff")
      #expect(get["content-disposition"] == (key == "page" ? "attachment" : nil))
    }
  }

  @Test func aSignedGetMayAskForOtherFields() throws {
    #expect(try bucket.put("a", [1], [("content-type", "text/html")]))
    let url = try bucket.presigned(
      .get, "a", disposition: "inline; filename=\"ü.txt\"", responseType: "text/plain")
    let get = try bucket.send("GET", url)
    #expect(get["content-type"] == "text/plain")
    #expect(get["content-disposition"] == "inline; filename=\"ü.txt\"")
    let anonymous = try bucket.send("GET", "/uploads/a?response-content-type=text/plain")
    #expect(anonymous.code == "InvalidRequest")
    let split = try bucket.sendSigned(
      "GET", "/uploads/a?response-content-type=text%2Fplain%0D%0AX%3A%20y")
    #expect(split.code == "InvalidArgument")
  }

  @Test func ranges() throws {
    let body = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    #expect(try bucket.put("a", body))
    let part = try bucket.send("GET", "/uploads/a", [("Range", "bytes=10-19")])
    #expect(part.status == 206)
    #expect(part.body == Array(body[10...19]))
    #expect(part["content-range"] == "bytes 10-19/1000")
    let tail = try bucket.send("GET", "/uploads/a", [("Range", "bytes=-3")])
    #expect(tail.body == Array(body.suffix(3)))
    let beyond = try bucket.send("GET", "/uploads/a", [("Range", "bytes=1000-")])
    #expect(beyond.status == 416)
    #expect(beyond.code == "InvalidRange")
    #expect(beyond["content-range"] == "bytes */1000")
    let changed = try bucket.send(
      "GET", "/uploads/a", [("Range", "bytes=10-19"), ("If-Range", "\"other\"")])
    #expect(changed.status == 200)
    #expect(changed.body == body)
    let several = try bucket.send("GET", "/uploads/a", [("Range", "bytes=0-1,5-6")])
    #expect(several.status == 200)
    #expect(try bucket.send("HEAD", "/uploads/a", [("Range", "bytes=0-1")]).status == 206)
  }

  @Test func conditions() throws {
    #expect(try bucket.put("a", [1, 2, 3]))
    let first = try bucket.send("GET", "/uploads/a")
    let etag = try #require(first["etag"])
    let date = try #require(first["last-modified"])
    let again = try bucket.send("GET", "/uploads/a", [("If-None-Match", etag)])
    #expect(again.status == 304)
    #expect(again["etag"] == etag)
    #expect(try bucket.send("GET", "/uploads/a", [("If-Modified-Since", date)]).status == 304)
    let other = try bucket.send("GET", "/uploads/a", [("If-Match", "\"other\"")])
    #expect(other.status == 412)
    #expect(other.element("Condition") == "If-Match")
  }

  @Test func aPutMayDependOnWhatIsThere() throws {
    let once = [("if-none-match", "*")]
    #expect(try bucket.sendSigned("PUT", "/uploads/a", once, body: [1]).status == 200)
    #expect(try bucket.sendSigned("PUT", "/uploads/a", once, body: [2]).status == 412)
    let etag = try #require(try bucket.send("GET", "/uploads/a")["etag"])
    let same = [("if-match", etag)]
    #expect(try bucket.sendSigned("PUT", "/uploads/a", same, body: [3]).status == 200)
    #expect(try bucket.sendSigned("PUT", "/uploads/a", same, body: [4]).status == 412)
    #expect(try bucket.send("GET", "/uploads/a").body == [3])
  }

  @Test func anEmptyObject() throws {
    #expect(try bucket.put("a", []))
    let get = try bucket.send("GET", "/uploads/a")
    #expect(get.status == 200)
    #expect(get["etag"] == "\"d41d8cd98f00b204e9800998ecf8427e\"")
    #expect(get["content-length"] == "0")
  }

  @Test func whatIsNotThere() throws {
    let get = try bucket.send("GET", "/uploads/none")
    #expect(get.status == 404)
    #expect(get.code == "NoSuchKey")
    #expect(get.element("Key") == "none")
    #expect(get.element("Resource") == "/uploads/none")
    #expect(get.element("RequestId") == get["x-amz-request-id"])
    #expect(try bucket.send("HEAD", "/uploads/none").status == 404)
    #expect(try bucket.send("GET", "/uploads/none?versionId=1").code == "NoSuchVersion")
    #expect(try bucket.send("GET", "/other/none").code == "NoSuchBucket")
    #expect(try bucket.sendSigned("DELETE", "/uploads/none").status == 204)
  }

  @Test func theObserverSeesEachAnswerOnceAndNoSignature() throws {
    #expect(try bucket.put("a", [1]))
    _ = try bucket.send("GET", bucket.presigned(.get, "a"))
    _ = try bucket.send("GET", "/uploads/none?secret=1")
    // Refused before the body came, and with it.
    let refused = try Client(bucket.address)
    refused.send(bucket.head("PUT", "/uploads/b", [("Expect", "100-continue")], length: 100_000))
    #expect(refused.answer()?.status == 403)
    #expect(try bucket.send("PUT", "/uploads/c", body: [1]).status == 403)
    let seen = bucket.events.list.map { "\($0.method) \($0.path) \($0.status)" }
    #expect(
      seen == [
        "PUT /uploads/a 200", "GET /uploads/a 200", "GET /uploads/none 404", "PUT /uploads/b 403",
        "PUT /uploads/c 403",
      ])
  }

  @Test func aConnectionGoesOn() throws {
    let client = try Client(bucket.address)
    for number in 0..<20 {
      let target = try bucket.presigned(.put, "\(number)")
      client.send(bucket.head("PUT", target, length: 3) + [1, 2, 3])
      #expect(client.finalAnswer()?.status == 200)
      client.send(bucket.head("GET", "/uploads/\(number)"))
      #expect(client.answer()?.body == [1, 2, 3])
    }
    // Asked for at once, answered in order.
    client.send((0..<20).flatMap { bucket.head("GET", "/uploads/\($0)") })
    for _ in 0..<20 { #expect(client.finalAnswer()?.status == 200) }
  }
}
