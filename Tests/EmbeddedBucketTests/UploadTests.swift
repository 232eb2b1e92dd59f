import CLinux
import FoundationEssentials
import Signing
import TestSupport
import Testing
import Wire

@testable import EmbeddedBucket
@testable import Reactor

@Suite struct UploadTests {
  private let bucket: LiveBucket

  init() throws { bucket = try LiveBucket() }

  /// Bytes that are different everywhere.
  private func content(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  private func hex(_ digest: SHA256.Digest) -> String {
    written { $0.append(hex: digest.span) } ?? ""
  }

  private func base64(_ bytes: [UInt8]) -> String {
    written { $0.append(base64: bytes.span) } ?? ""
  }

  private func md5(_ bytes: [UInt8]) -> ETag {
    var md5 = MD5()
    md5.update(bytes.span)
    return ETag(md5.finish())
  }

  /// Nothing of an upload is left: neither an object nor a temporary file.
  private func expectNothing() throws {
    #expect(bucket.store.objectCount == 0)
    #expect(try bucket.scratch.names(in: "objects") == [])
    // Whoever waits for the answer need not wait for the file to be removed; a second upload does.
    for _ in 0..<1000 where try !bucket.scratch.names(in: "incoming").isEmpty {
      _ = try bucket.send("GET", "/uploads/none")
    }
    #expect(try bucket.scratch.names(in: "incoming") == [])
  }

  @Test(arguments: [1, 16_383, 16_384, 65_536, 81_920, 81_921, 163_840, 1_000_003, 5_000_000])
  func anySize(_ count: Int) throws {
    let body = content(count)
    let put = try bucket.send(
      "PUT", bucket.presigned(.put, "a", length: UInt64(count)), body: body)
    #expect(put.status == 200)
    #expect(put["etag"] == md5(body).quoted)
    #expect(try bucket.send("GET", "/uploads/a").body == body)
    #expect(try bucket.scratch.names(in: "incoming") == [])
  }

  @Test func aBodyInManyPieces() throws {
    let body = content(300_000)
    let client = try Client(bucket.address)
    client.send(bucket.head("PUT", try bucket.presigned(.put, "a"), length: body.count))
    var start = 0
    var step = 1
    while start < body.count {
      let end = min(start + step, body.count)
      client.send(Array(body[start..<end]))
      start = end
      step = step * 3 % 10_007
    }
    #expect(client.finalAnswer()?.status == 200)
    #expect(try bucket.send("GET", "/uploads/a").body == body)
  }

  @Test func uploadsOfOneKeyTakeTurns() throws {
    let bodies = (0..<4).map { content(400_000, seed: UInt64($0)) }
    let connections = try bodies.map { body in
      let client = try Client(bucket.address)
      client.send(bucket.head("PUT", try bucket.presigned(.put, "a"), length: body.count))
      return client
    }
    for start in stride(from: 0, to: 400_000, by: 50_000) {
      for (client, body) in zip(connections, bodies) {
        client.send(Array(body[start..<start + 50_000]))
      }
    }
    for client in connections { #expect(client.finalAnswer()?.status == 200) }
    let stored = try bucket.send("GET", "/uploads/a")
    #expect(bodies.contains(stored.body))
    #expect(stored["etag"] == md5(stored.body).quoted)
    #expect(bucket.store.objectCount == 1)
  }

  @Test func theHashOfTheBodyIsChecked() throws {
    let body = content(100_000)
    let digest = hex(SHA256.digest(of: body.span))
    let fields = try bucket.signed("PUT", "/uploads/a", payload: digest)
    var wrong = body
    wrong[99_999] ^= 1
    let refused = try bucket.send("PUT", "/uploads/a", fields, body: wrong)
    #expect(refused.status == 400)
    #expect(refused.code == "XAmzContentSHA256Mismatch")
    #expect(refused.element("ClientComputedContentSHA256") == digest)
    #expect(refused.element("S3ComputedContentSHA256") == hex(SHA256.digest(of: wrong.span)))
    try expectNothing()
    #expect(try bucket.send("PUT", "/uploads/a", fields, body: body).status == 200)
  }

  @Test func contentMD5IsChecked() throws {
    let body = content(1000)
    let right = [("content-md5", base64(md5(body).digest))]
    let wrong = [("content-md5", base64(md5([]).digest))]
    #expect(try bucket.sendSigned("PUT", "/uploads/a", wrong, body: body).code == "BadDigest")
    try expectNothing()
    let nonsense = [("content-md5", "bm8=")]
    let refused = try bucket.sendSigned("PUT", "/uploads/a", nonsense, body: body)
    #expect(refused.code == "InvalidDigest")
    #expect(try bucket.sendSigned("PUT", "/uploads/a", right, body: body).status == 200)
  }

  @Test func aLengthIsNeeded() throws {
    let chunked = [("Transfer-Encoding", "chunked")]
    let client = try Client(bucket.address)
    client.send(
      bucket.head("PUT", try bucket.presigned(.put, "a"), chunked)
        + Array("5\r\nhello\r\n0\r\n\r\n".utf8))
    let answer = try #require(client.answer())
    #expect(answer.status == 501)
    #expect(answer.code == "NotImplemented")
    #expect(answer.element("Header") == "Transfer-Encoding")
    let silent = try bucket.send("PUT", bucket.presigned(.put, "a"))
    #expect(silent.status == 411)
    #expect(silent.code == "MissingContentLength")
    try expectNothing()
  }

  @Test func thereIsALargest() throws {
    let client = try Client(bucket.address)
    client.send(
      bucket.head("PUT", try bucket.presigned(.put, "a"), length: 5 << 30 + 1)
        + Array("the beginning".utf8))
    let answer = try #require(client.answer())
    #expect(answer.status == 400)
    #expect(answer.code == "EntityTooLarge")
    #expect(answer.element("MaxSizeAllowed") == "5368709120")
    try expectNothing()
  }

  @Test func aClientThatWaitsIsToldToGoOnOrNot() throws {
    let expects = [("Expect", "100-continue")]
    let client = try Client(bucket.address)
    client.send(bucket.head("PUT", try bucket.presigned(.put, "a"), expects, length: 3))
    #expect(client.answer()?.status == 100)
    client.send([1, 2, 3])
    #expect(client.finalAnswer()?.status == 200)
    let refused = try Client(bucket.address)
    refused.send(bucket.head("PUT", "/uploads/a", expects, length: 3))
    #expect(refused.answer()?.status == 403)
  }

  @Test(arguments: [0, 1000, 90_000, 399_999]) func aBodyThatStopsShort(_ count: Int) throws {
    let client = try Client(bucket.address)
    client.send(bucket.head("PUT", try bucket.presigned(.put, "a"), length: 400_000))
    client.send(content(count))
    client.endSending()
    let answer = try #require(client.answer())
    #expect(answer.status == 400)
    #expect(answer.code == "IncompleteBody")
    try expectNothing()
  }

  @Test func aClientThatGoesAway() throws {
    for count in [1000, 90_000, 399_999] {
      let client = try Client(bucket.address)
      client.send(bucket.head("PUT", try bucket.presigned(.put, "a"), length: 400_000))
      client.send(content(count))
    }
    try expectNothing()
  }

  @Test func aBodyThatIsTooSlow() throws {
    var timeouts = Timeouts()
    timeouts.body = .milliseconds(50)
    let bucket = try LiveBucket(timeouts: timeouts)
    let client = try Client(bucket.address)
    client.send(bucket.head("PUT", try bucket.presigned(.put, "a"), length: 400_000))
    client.send(content(1000))
    let answer = try #require(client.answer())
    #expect(answer.status == 400)
    #expect(answer.code == "RequestTimeout")
  }

  @Test func theCodingOfChunksIsTakenOff() throws {
    let body = content(200_000)
    var coded: [UInt8] = []
    for start in stride(from: 0, to: body.count, by: 65_536) {
      let chunk = body[start..<min(start + 65_536, body.count)]
      coded += Array("\(String(chunk.count, radix: 16));chunk-signature=00\r\n".utf8)
      coded += chunk + Array("\r\n".utf8)
    }
    coded += Array("0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n".utf8)
    let fields = [
      ("content-encoding", "aws-chunked,gzip"), ("x-amz-decoded-content-length", "\(body.count)"),
    ]
    let word = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    let signed = try bucket.signed("PUT", "/uploads/a", fields, payload: word)
    #expect(try bucket.send("PUT", "/uploads/a", signed, body: coded).status == 200)
    let get = try bucket.send("GET", "/uploads/a")
    #expect(get.body == body)
    #expect(get["content-encoding"] == "gzip")
  }

  // MARK: - Checksums

  private static let checksums = [
    ("x-amz-checksum-crc32", "NhCmhg=="), ("x-amz-checksum-crc32c", "mnG7TA=="),
    ("x-amz-checksum-crc64nvme", "M3eFcAZSQlc="),
    ("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
    ("x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
  ]

  @Test(arguments: checksums) func aChecksumMustBeRight(_ name: String, _ value: String) throws {
    let hello = Array("hello".utf8)
    #expect(try bucket.put("a", hello, [(name, value)]))
    let wrong = try bucket.sendSigned("PUT", "/uploads/b", [(name, value)], body: [1, 2, 3])
    #expect(wrong.status == 400)
    #expect(wrong.code == "BadDigest")
    let none = try bucket.sendSigned("PUT", "/uploads/b", [(name, "AAAA")], body: hello)
    #expect(none.status == 400)
    #expect(none.code == "InvalidRequest")
    let two = Self.checksums.filter { $0.0 == name || $0.0.hasSuffix("1") || $0.0.hasSuffix("256") }
    let both = try bucket.sendSigned("PUT", "/uploads/b", two, body: hello)
    #expect(both.code == "InvalidRequest")
    #expect(bucket.store.objectCount == 1)
  }

  @Test(arguments: checksums) func aChecksumMayStandBehindTheBody(
    _ name: String, _ value: String
  ) throws {
    let fields = [("x-amz-decoded-content-length", "5"), ("x-amz-trailer", name)]
    func put(_ key: String, _ text: String, _ trailer: String) throws -> Answer {
      let coded = "5\r\n\(text)\r\n0\r\n\(trailer)\r\n"
      let word = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
      let signed = try bucket.signed("PUT", "/uploads/\(key)", fields, payload: word)
      return try bucket.send("PUT", "/uploads/\(key)", signed, body: Array(coded.utf8))
    }
    #expect(try put("a", "hello", "\(name):\(value)\r\n").status == 200)
    #expect(try put("b", "hullo", "\(name):\(value)\r\n").code == "BadDigest")
    #expect(try put("b", "hello", "\(name):AAAA\r\n").code == "InvalidRequest")
    #expect(try put("b", "hello", "").code == "MalformedTrailerError")
    #expect(bucket.store.objectCount == 1)
  }

  @Test(arguments: [
    ("4", "5\r\nhello\r\n0\r\n\r\n", "more than announced"),
    ("6", "5\r\nhello\r\n0\r\n\r\n", "less than announced"),
    ("5", "5\r\nhello\r\n", "no last chunk"),
    ("5", "hello", "no chunks"),
  ])
  func aCodingThatIsWrong(_ length: String, _ coded: String, _ reason: String) throws {
    let fields = [("x-amz-decoded-content-length", length)]
    let word = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    let signed = try bucket.signed("PUT", "/uploads/a", fields, payload: word)
    let answer = try bucket.send("PUT", "/uploads/a", signed, body: Array(coded.utf8))
    #expect(answer.status == 400, "\(reason)")
    #expect(answer.code == "IncompleteBody", "\(reason)")
    try expectNothing()
  }

  @Test func aSlowDiskMakesTheClientWait() throws {
    // Nothing is written while all threads are held up.
    let gate = try Latch()
    for _ in 0..<64 { bucket.store.pool.run { gate.wait(.seconds(10)) } }
    let plan = UploadPlan(
      key: try #require(ObjectKey([1])), destination: .object(fields: [], if: .none),
      body: try .unchecked(1 << 30))
    let sink = UploadSink(plan, in: bucket.store, .quiet)
    let piece = content(65_536)
    #expect(sink.receive(piece.span) == .more)
    #expect(sink.receive(piece.span) == .later)
    sink.abandon()
    gate.open()
    try expectNothing()
  }

  /// The disk may fail over the last block after it was handed over, and before it was said to be the last.
  @Test func aFailureBeforeTheEndIsWaitedForByNobody() throws {
    try FileManager.default.removeItem(atPath: bucket.scratch.path + "/incoming")
    let plan = UploadPlan(
      key: try #require(ObjectKey([1])), destination: .object(fields: [], if: .none),
      body: try .unchecked(5))
    let upload = Upload(plan, in: bucket.store)
    var block = ByteBuffer(capacity: 5)
    block.append("hello")
    _ = upload.write(block, waker: nil)
    #expect(eventually { upload.outcome != nil })
    let mailbox = try Mailbox()
    upload.complete(trailing: nil, waker: Waker(mailbox, 1))
    #expect(slotd_poll_readable(mailbox.descriptor, 10_000) == 1)
  }
}

extension Exchange {
  fileprivate static var quiet: Exchange {
    Exchange(method: "PUT", resource: [], requestID: "", grant: nil, observer: nil)
  }
}

extension BodyClaims {
  fileprivate static func unchecked(_ size: UInt64) throws -> BodyClaims {
    var head = RequestHead()
    let bytes = Array("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n".utf8)
    _ = head.parse(bytes.span)
    return try BodyClaims(
      RequestFields(head, bytes.span), .unsigned, sizeMax: BucketOptions.objectBytesMax)
  }
}
