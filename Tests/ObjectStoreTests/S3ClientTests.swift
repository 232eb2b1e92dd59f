import Testing

@testable import ObjectStore

/// What the client does to a bucket of a real server.
struct S3ClientTests {
  private let bucket: TestBucket
  private var client: S3Client { bucket.client }

  init() throws { bucket = try TestBucket() }

  @Test func `an object comes, stays and goes`() throws {
    let body = Array("très cool\0".utf8)
    try client.put("folder/a b+c.txt", body, contentType: "text/x-slotd")
    #expect(try client.get("folder/a b+c.txt") == body)
    let fields = try client.head("folder/a b+c.txt")
    #expect(fields.contains(HTTPField("content-type", "text/x-slotd")))
    #expect(fields.contains(HTTPField("content-length", "\(body.count)")))
    try client.delete("folder/a b+c.txt")
    #expect(throws: S3Failure.self) { try client.get("folder/a b+c.txt") }
    // What is not there is deleted already.
    try client.delete("folder/a b+c.txt")
  }

  /// Keys that stand in paths, queries, lists and documents in different ways.
  private static let odd = [
    "a b+c%20d.txt", "<&>'\".txt", "très cool.jpg", "日本語/👩‍🚀.webp", "e\u{301}.txt",
    "k=v;x,y@z!$~*.txt",
  ]

  @Test func `a list comes in pages, and nothing is in two of them`() throws {
    let keys = Self.odd + (0..<20).map { "many/\($0)" }
    for key in keys { try client.put(key, Array(key.utf8)) }
    var listed: [ListedObject] = []
    var token: String?
    var pages = 0
    repeat {
      let page = try client.list(after: token, max: 7)
      #expect(page.objects.count == min(7, keys.count - listed.count))
      listed += page.objects
      token = page.next
      pages += 1
    } while token != nil && pages < 10
    #expect(pages == 4)
    #expect(listed.map(\.key).sorted() == keys.sorted())
    #expect(listed.allSatisfy { $0.size == $0.key.utf8.count })
    #expect(try bucket.keys(prefix: "many/").sorted() == keys.suffix(20).sorted())
    #expect(try bucket.keys(prefix: "none").isEmpty)
    #expect(try client.delete(keys).isEmpty)
  }

  @Test func `any number of objects are deleted at once, and no others`() throws {
    for key in Self.odd + ["stays"] { try client.put(key, []) }
    // Some are deleted already.
    let keys = Self.odd + (0..<5).map { "not-there/\($0)" }
    #expect(try client.delete(keys, max: 4).isEmpty)
    #expect(try bucket.keys() == ["stays"])
    #expect(try client.delete(["stays"]).isEmpty)
    #expect(try client.delete([String]()).isEmpty)
  }
}
