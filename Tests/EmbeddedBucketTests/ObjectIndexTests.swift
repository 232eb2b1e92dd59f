import TestSupport
import Testing

@testable import EmbeddedBucket

@Suite struct ObjectIndexTests {
  private func entry(_ key: String, size: UInt64 = 0) throws -> ObjectIndex.Entry {
    ObjectIndex.Entry(
      ObjectRecord(
        key: try #require(ObjectKey(Array(key.utf8))), size: size,
        etag: ETag(high: 0, low: 0, parts: 0), modified: 0, fields: []))
  }

  private func index(_ keys: [String]) throws -> ObjectIndex {
    ObjectIndex(try keys.map { try entry($0) })
  }

  /// The lines of all pages of so many items, rolled-up ones with a `*` behind them.
  private func list(
    _ index: ObjectIndex, prefix: String = "", delimiter: String = "", count: Int = 1000
  ) -> [String] {
    var lines: [String] = []
    var start = ObjectIndex.Start.beginning
    while true {
      let page = index.page(
        prefix: Array(prefix.utf8), delimiter: Array(delimiter.utf8), from: start, count: count)
      lines += page.items.map(\.line)
      guard let next = page.next, lines.count < 10_000 else { return lines }
      start = next
    }
  }

  @Test func theOrderIsThatOfBytes() throws {
    // By characters, é would come before z, and Z after a.
    let keys = ["Z", "a", "a!", "a/", "a/b", "aa", "z", "é", "\u{FF5E}", "\u{1F600}"]
    #expect(list(try index(keys.reversed())) == keys)
  }

  @Test(arguments: [
    ("", "", ["a", "b/1", "b/2", "b/c/3", "bb"], "everything"),
    ("b", "", ["b/1", "b/2", "b/c/3", "bb"], "a prefix"),
    ("b/", "", ["b/1", "b/2", "b/c/3"], "a prefix that ends with the delimiter"),
    ("", "/", ["a", "b/*", "bb"], "rolled up"),
    ("b/", "/", ["b/1", "b/2", "b/c/*"], "rolled up below a prefix"),
    ("b", "/", ["b/*", "bb"], "rolled up from the prefix on"),
    ("x", "/", [], "nothing begins so"),
    ("", "/c/", ["a", "b/1", "b/2", "b/c/*", "bb"], "a delimiter of several bytes"),
  ])
  func listings(_ prefix: String, _ delimiter: String, _ lines: [String], _ reason: String) throws {
    let index = try index(["a", "b/1", "b/2", "b/c/3", "bb"])
    for count in 1...6 {
      #expect(
        list(index, prefix: prefix, delimiter: delimiter, count: count) == lines,
        "\(reason), \(count) at a time")
    }
  }

  @Test func aPageOfNothing() throws {
    let page = try index(["a"]).page(prefix: [], delimiter: [], from: .beginning, count: 0)
    #expect(page.items.isEmpty)
    #expect(page.next == nil)
  }

  @Test func theLastPageSaysSo() throws {
    let page = try index(["a", "b"]).page(prefix: [], delimiter: [], from: .beginning, count: 2)
    #expect(page.items.count == 2)
    #expect(page.next == nil)
  }

  @Test func itAgreesWithASet() throws {
    var random = SeededGenerator(seed: 7)
    var index = ObjectIndex()
    var model: Set<String> = []
    let letters = Array("ab/")
    for _ in 0..<3_000 {
      let key = String(
        (0..<Int.random(in: 1...6, using: &random)).map { _ in
          letters[Int.random(in: 0..<3, using: &random)]
        })
      let objectKey = try #require(ObjectKey(Array(key.utf8)))
      if Bool.random(using: &random) {
        index.set(try entry(key))
        model.insert(key)
      } else {
        index.remove(objectKey)
        model.remove(key)
      }
      #expect((index[objectKey] != nil) == model.contains(key))
    }
    #expect(index.count == model.count)
    for prefix in ["", "a", "a/", "/", "b/a"] {
      for count in [1, 2, 7, 1000] {
        let below = model.filter { $0.hasPrefix(prefix) }
        #expect(list(index, prefix: prefix, count: count) == below.sorted())
        let rolled = Set(below.map { Self.rolledUp($0, prefix) })
        #expect(list(index, prefix: prefix, delimiter: "/", count: count) == rolled.sorted())
      }
    }
  }

  private static func rolledUp(_ key: String, _ prefix: String) -> String {
    let rest = key.dropFirst(prefix.count)
    return rest.firstIndex(of: "/").map { "\(prefix)\(rest[...$0])*" } ?? key
  }

  @Test func anEntryIsReplaced() throws {
    var index = try index(["a"])
    index.set(try entry("a", size: 5))
    #expect(index.count == 1)
    #expect(index[try #require(ObjectKey(Array("a".utf8)))]?.size == 5)
  }

  @Test(arguments: [
    ObjectIndex.Start.afterKey(Array("a/é".utf8)), .afterPrefix(Array("a/".utf8)),
    .afterKey([0x00, 0xFF]), .afterKey([]),
  ])
  func tokensKeepThePlace(_ start: ObjectIndex.Start) {
    #expect(ObjectIndex.Start(token: start.token) == start)
  }

  @Test(arguments: ["", "?", "eA==", "a"]) func whatIsNoTokenIsRefused(_ token: String) {
    #expect(ObjectIndex.Start(token: token) == nil)
  }
}

extension ObjectIndex.Item {
  fileprivate var line: String {
    switch self {
    case .object(let entry): String(decoding: entry.key, as: UTF8.self)
    case .prefix(let prefix): String(decoding: prefix, as: UTF8.self) + "*"
    }
  }
}
