import Signing
import TestSupport
import Testing
import Wire

@testable import EmbeddedBucket

/// Uploads in parts.
@Suite struct PartsTests {
  private let bucket: LiveBucket

  init() throws { bucket = try LiveBucket { $0.sizeMax = Self.sizeMax } }

  private static let partBytes = 5 << 20
  private static let sizeMax = UInt64(partBytes) * 2 + 100

  private func begin(
    _ key: String, _ fields: [(String, String)] = []
  ) throws -> String {
    let answer = try bucket.sendSigned("POST", bucket.path(key) + "?uploads", fields)
    #expect(answer.status == 200)
    #expect(answer.element("Bucket") == "uploads")
    return try #require(answer.element("UploadId"))
  }

  private func part(_ key: String, _ id: String, _ number: Int, _ body: [UInt8]) throws -> Answer {
    try bucket.sendSigned(
      "PUT", "\(bucket.path(key))?partNumber=\(number)&uploadId=\(id)", body: body)
  }

  private func complete(
    _ key: String, _ id: String, _ parts: [(Int, String)], _ fields: [(String, String)] = []
  ) throws -> Answer {
    let list = parts.map { number, etag in
      "<Part><PartNumber>\(number)</PartNumber><ETag>\(etag)</ETag></Part>"
    }
    let document = "<CompleteMultipartUpload>\(list.joined())</CompleteMultipartUpload>"
    return try bucket.sendSigned(
      "POST", "\(bucket.path(key))?uploadId=\(id)", fields, body: Array(document.utf8))
  }

  private func md5(_ bytes: [UInt8]) -> ETag {
    var md5 = MD5()
    md5.update(bytes.span)
    return ETag(md5.finish())
  }

  @Test func partsMakeAnObject() throws {
    let key = "a/ü"
    let id = try begin(key, [("content-type", "video/mp4"), ("x-amz-meta-who", "romeo")])
    let bodies = [
      [UInt8](repeating: 1, count: Self.partBytes),
      [UInt8](repeating: 2, count: Self.partBytes + 1),
      [3, 4, 5],
    ]
    // In any order, and one of them twice.
    #expect(try part(key, id, 7, [9]).status == 200)
    for number in [7, 2, 4] {
      let body = bodies[[2: 0, 4: 1, 7: 2][number] ?? 0]
      let answer = try part(key, id, number, body)
      #expect(answer.status == 200)
      #expect(answer["etag"] == md5(body).quoted)
    }
    #expect(try bucket.send("GET", bucket.path(key)).status == 404)
    let done = try complete(
      key, id, [(2, md5(bodies[0]).quoted), (4, md5(bodies[1]).quoted), (7, md5(bodies[2]).quoted)])
    #expect(done.status == 200)
    let etag = md5(bodies.flatMap { md5($0).digest }).text + "-3"
    #expect(done.element("ETag") == "&quot;\(etag)&quot;")
    let get = try bucket.send("GET", bucket.path(key))
    #expect(get.body == bodies.flatMap { $0 })
    #expect(get["etag"] == "\"\(etag)\"")
    #expect(get["content-type"] == "video/mp4")
    #expect(get["x-amz-meta-who"] == "romeo")
    #expect(try bucket.scratch.names(in: "uploads") == [])
    #expect(try complete(key, id, [(2, md5(bodies[0]).quoted)]).code == "NoSuchUpload")
  }

  @Test func whatIsGivenUpIsGone() throws {
    let id = try begin("a")
    #expect(try part("a", id, 1, [1]).status == 200)
    #expect(try bucket.sendSigned("DELETE", "/uploads/a?uploadId=\(id)").status == 204)
    #expect(try bucket.scratch.names(in: "uploads") == [])
    #expect(try part("a", id, 2, [1]).code == "NoSuchUpload")
    #expect(try bucket.sendSigned("DELETE", "/uploads/a?uploadId=\(id)").code == "NoSuchUpload")
  }

  @Test func aListOfPartsMustBeRight() throws {
    let id = try begin("a")
    let etag = md5([1]).quoted
    #expect(try part("a", id, 1, [1]).status == 200)
    #expect(try part("a", id, 2, [1]).status == 200)
    #expect(try complete("a", id, [(1, etag), (3, etag)]).code == "EntityTooSmall")
    #expect(try complete("a", id, [(3, etag)]).code == "InvalidPart")
    #expect(try complete("a", id, [(1, md5([2]).quoted)]).code == "InvalidPart")
    #expect(try complete("a", id, [(2, etag), (1, etag)]).code == "InvalidPartOrder")
    #expect(try complete("a", id, [(1, etag), (1, etag)]).code == "InvalidPartOrder")
    #expect(try complete("a", id, []).code == "MalformedXML")
    #expect(try complete("a", id, [(0, etag)]).code == "MalformedXML")
    #expect(try bucket.scratch.names(in: "incoming") == [])
    #expect(bucket.store.objectCount == 0)
    #expect(try complete("a", id, [(2, etag)]).status == 200)
    #expect(try bucket.send("GET", "/uploads/a").body == [1])
  }

  @Test func thePartsTogetherMayBeTooLarge() throws {
    let id = try begin("a")
    let body = [UInt8](repeating: 1, count: Self.partBytes)
    for number in 1...3 { #expect(try part("a", id, number, body).status == 200) }
    let etag = md5(body).quoted
    let answer = try complete("a", id, [(1, etag), (2, etag), (3, etag)])
    #expect(answer.status == 400)
    #expect(answer.code == "EntityTooLarge")
    #expect(answer.element("MaxSizeAllowed") == "\(Self.sizeMax)")
    #expect(try bucket.scratch.names(in: "incoming") == [])
    #expect(try complete("a", id, [(1, etag), (2, etag)]).status == 200)
    let large = [UInt8](repeating: 1, count: Int(Self.sizeMax) + 1)
    #expect(try part("b", begin("b"), 1, large).code == "EntityTooLarge")
  }

  @Test(arguments: ["0", "10001", "x", ""]) func aNumberMustBeRight(_ number: String) throws {
    let id = try begin("a")
    let answer = try bucket.sendSigned(
      "PUT", "/uploads/a?partNumber=\(number)&uploadId=\(id)", body: [1])
    #expect(answer.code == "InvalidArgument")
  }

  @Test(arguments: ["", "x", "..", "%2e%2e%2fobjects", String(repeating: "0", count: 32)])
  func anUploadMustBeThere(_ id: String) throws {
    let answer = try bucket.sendSigned(
      "PUT", "/uploads/a?partNumber=1&uploadId=\(id)", body: [1])
    #expect(answer.code == "NoSuchUpload")
  }

  @Test func anUploadIsForOneKey() throws {
    let id = try begin("a")
    #expect(try part("b", id, 1, [1]).code == "NoSuchUpload")
  }

  @Test func completingMayDependOnWhatIsThere() throws {
    let id = try begin("a")
    #expect(try part("a", id, 1, [1]).status == 200)
    #expect(try bucket.put("a", [2]))
    let answer = try complete("a", id, [(1, md5([1]).quoted)], [("if-none-match", "*")])
    #expect(answer.status == 412)
    #expect(try bucket.send("GET", "/uploads/a").body == [2])
  }

  @Test func anUploadOutlivesTheProcessButNotForEver() throws {
    let scratch = try Scratch()
    let id: String
    do {
      let store = try Store(directory: scratch.path)
      let record = ObjectRecord(
        key: try #require(ObjectKey([1])), size: 0, etag: ETag(high: 0, low: 0, parts: 0),
        modified: LiveBucket.now - 8 * 86_400, fields: [])
      _ = try PartedUpload.create(record, in: store)
      var young = record
      young.modified = LiveBucket.now - 6 * 86_400
      id = try PartedUpload.create(young, in: store).id
    }
    let store = try Store(directory: scratch.path)
    #expect(try scratch.names(in: "uploads") == [id])
    #expect(try PartedUpload.open(id, in: store.layout.uploads) != nil)
  }
}
