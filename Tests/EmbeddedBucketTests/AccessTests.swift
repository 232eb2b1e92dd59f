import Signing
import TestSupport
import Testing

@testable import EmbeddedBucket

@Suite struct AccessTests {
  private let bucket: LiveBucket

  init() throws {
    bucket = try LiveBucket()
    #expect(try bucket.put("a", [1, 2, 3]))
  }

  @Test(arguments: [
    ("PUT", "/uploads/a", "to write"),
    ("DELETE", "/uploads/a", "to delete"),
    ("GET", "/uploads", "to list"),
    ("GET", "/uploads/?list-type=2", "to list, with a slash"),
    ("HEAD", "/uploads", "to ask for the bucket"),
    ("GET", "/uploads?cors", "to read the rules"),
    ("PUT", "/uploads?cors", "to change the rules"),
    ("POST", "/uploads?delete", "to delete several"),
    ("POST", "/uploads/a?uploads", "to begin an upload in parts"),
    ("GET", "/", "to list the buckets"),
    ("PATCH", "/uploads/a", "something that there is not"),
  ])
  func aStrangerMayNot(_ method: String, _ target: String, _ reason: String) throws {
    let answer = try bucket.send(method, target, body: method == "PUT" ? [9] : nil)
    #expect(answer.status == 403, "\(reason)")
    if method != "HEAD" { #expect(answer.code == "AccessDenied", "\(reason)") }
    #expect(try bucket.send("GET", "/uploads/a").body == [1, 2, 3])
  }

  @Test func aStrangerMayReadUnlessToldOtherwise() throws {
    #expect(try bucket.send("GET", "/uploads/a").status == 200)
    let closed = try LiveBucket { $0.allowsAnonymousReads = false }
    #expect(try closed.put("a", [1]))
    #expect(try closed.send("GET", "/uploads/a").code == "AccessDenied")
    #expect(try closed.send("GET", "/uploads/none").code == "AccessDenied")
    #expect(try closed.send("GET", closed.presigned(.get, "a")).status == 200)
  }

  @Test func aSignatureIsForOneRequest() throws {
    let url = try bucket.presigned(.put, "b", length: 3, type: "image/png")
    let type = [("Content-Type", "image/png")]
    let cases: [(String, String, [(String, String)], [UInt8], String)] = [
      ("PUT", url.replacing("/b?", with: "/c?"), type, [1, 2, 3], "another key"),
      ("PUT", url.replacing("Expires=60", with: "Expires=61"), type, [1, 2, 3], "a longer life"),
      ("PUT", url + "&x-id=PutObject", type, [1, 2, 3], "one more parameter"),
      ("DELETE", url, type, [1, 2, 3], "another method"),
      ("PUT", url, [("Content-Type", "text/html")], [1, 2, 3], "another type"),
      ("PUT", url, [], [1, 2, 3], "no type"),
      ("PUT", url, type, [1, 2], "a byte less"),
      ("PUT", url, type, [1, 2, 3, 4], "a byte more"),
    ]
    for (method, target, fields, body, reason) in cases {
      let answer = try bucket.send(method, target, fields, body: body)
      #expect(answer.status == 403, "\(reason)")
      #expect(answer.code == "SignatureDoesNotMatch", "\(reason)")
    }
    #expect(bucket.store.objectCount == 1)
    #expect(try bucket.send("PUT", url, type, body: [1, 2, 3]).status == 200)
  }

  @Test func whatDifferedIsShown() throws {
    let url = try bucket.presigned(.put, "b", length: 3)
    let answer = try bucket.send("PUT", url, body: [1, 2])
    #expect(answer.element("CanonicalRequest")?.hasPrefix("PUT\n/uploads/b\n") == true)
    #expect(answer.element("CanonicalRequest")?.contains("\ncontent-length:2\n") == true)
    #expect(answer.element("StringToSign")?.hasPrefix("AWS4-HMAC-SHA256\n") == true)
    #expect(answer.element("AWSAccessKeyId") == "AKIAIOSFODNN7EXAMPLE")
  }

  @Test func aSignatureHasItsTime() throws {
    let now = LiveBucket.now
    let expired = try bucket.send("GET", bucket.presigned(.get, "a", lifetime: 60, at: now - 61))
    #expect(expired.status == 403)
    #expect(expired.code == "AccessDenied")
    #expect(expired.element("Message") == "Request has expired.")
    #expect(expired.element("ServerTime") != nil)
    let early = try bucket.send("GET", bucket.presigned(.get, "a", at: now + 1000))
    #expect(early.code == "AccessDenied")
    #expect(early.element("Message") == "Request is not yet valid.")
    for shift: Int64 in [-1000, 1000] {
      let skewed = try bucket.send(
        "GET", "/uploads/a", bucket.signed("GET", "/uploads/a", at: now + shift))
      #expect(skewed.status == 403)
      #expect(skewed.code == "RequestTimeTooSkewed")
    }
  }

  @Test func aFieldOfS3MustBeSigned() throws {
    let answer = try bucket.send(
      "PUT", bucket.presigned(.put, "b"), [("X-Amz-Acl", "public-read")], body: [1])
    #expect(answer.status == 403)
    #expect(answer.code == "AccessDenied")
    #expect(answer.element("HeadersNotSigned") == "X-Amz-Acl")
  }

  @Test func othersAreRefused() throws {
    let url = try bucket.presigned(.get, "a")
    let stranger = url.replacing("AKIAIOSFODNN7EXAMPLE", with: "AKIAIOSFODNN7STRANGE")
    #expect(try bucket.send("GET", stranger).code == "InvalidAccessKeyId")
    let region = url.replacing("us-east-1", with: "eu-west-1")
    let elsewhere = try bucket.send("GET", region)
    #expect(elsewhere.code == "AuthorizationQueryParametersError")
    #expect(elsewhere.element("Region") == "us-east-1")
    let version2 = try bucket.send("GET", "/uploads/a", [("Authorization", "AWS AKIA:c2ln")])
    #expect(version2.status == 400)
    #expect(version2.code == "InvalidRequest")
  }

  @Test func errorsAreHTTPToo() throws {
    let client = try Client(bucket.address)
    client.send(Array("GET /uploads/a HTTP/1.1\r\nHost : a\r\n\r\n".utf8))
    let answer = try #require(client.answer())
    #expect(answer.status == 400)
    #expect(answer.code == "InvalidRequest")
    #expect(answer.element("Message")?.contains("RFC 9112") == true)
  }
}
