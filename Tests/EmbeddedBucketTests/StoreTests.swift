import FoundationEssentials
import Glibc
import Reactor
import TestSupport
import Testing

@testable import EmbeddedBucket

@Suite struct StoreTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func key(_ text: String) throws -> ObjectKey {
    try #require(ObjectKey(Array(text.utf8)))
  }

  private func put(_ text: String, _ content: String, in store: Store) throws {
    let file = try store.temporary()
    try file.append(content.utf8.span)
    let record = ObjectRecord(
      key: try key(text), size: UInt64(file.size), etag: ETag(high: 1, low: 2, parts: 0),
      modified: 1_800_000_000,
      fields: [ObjectRecord.Field(name: "content-type", value: Array("text/plain".utf8))])
    #expect(try store.commit(file, as: record, if: .none))
  }

  private func content(of text: String, in store: Store) throws -> String {
    guard let object = try store.open(try key(text)) else { return "" }
    let bytes = try object.file.read(Int(object.record.size), at: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(_ data: Data, to path: String) throws {
    try data.write(to: URL(filePath: path))
  }

  private func keys(_ store: Store) -> [String] {
    store.page(prefix: [], delimiter: [], from: .beginning, count: 1000).items.map { item in
      switch item {
      case .object(let entry): String(decoding: entry.key, as: UTF8.self)
      case .prefix: "?"
      }
    }
  }

  @Test func whatIsStoredIsThereAtTheNextStart() throws {
    let names = [
      "a", "a/b", "A", "..", "/", "é", "e\u{301}", "\u{0}", String(repeating: "x/", count: 512),
    ]
    do {
      let store = try Store(directory: scratch.path)
      for name in names { try put(name, "content of \(name)", in: store) }
      #expect(store.objectCount == names.count)
    }
    let store = try Store(directory: scratch.path)
    #expect(Set(keys(store)) == Set(names))
    for name in names { #expect(try content(of: name, in: store) == "content of \(name)") }
    #expect(
      try store.open(try key("a"))?.record.value(of: "content-type") == Array("text/plain".utf8))
    #expect(try scratch.names(in: "incoming") == [])
  }

  @Test func aLaterObjectTakesThePlaceOfTheEarlier() throws {
    let store = try Store(directory: scratch.path)
    try put("a", "first", in: store)
    guard let before = try store.open(try key("a")) else {
      Issue.record("the first object is not there")
      return
    }
    try put("a", "second", in: store)
    #expect(try content(of: "a", in: store) == "second")
    let old = try before.file.read(5, at: 0)
    #expect(old == Array("first".utf8))
    #expect(store.objectCount == 1)
  }

  @Test func whatIsRemovedIsGone() throws {
    let store = try Store(directory: scratch.path)
    try put("a", "first", in: store)
    #expect(store.remove([try key("a"), try key("b")]) == [nil, nil])
    #expect(keys(store) == [])
    #expect(try store.open(try key("a"))?.record == nil)
  }

  @Test(
    arguments: [
      (.none, "a", true, "no condition"),
      (.absent, "a", false, "there is one"),
      (.absent, "b", true, "there is none"),
      (.etag(["00000000000000010000000000000002"]), "a", true, "it is the one"),
      (.etag(["*"]), "a", true, "it is one"),
      (.etag(["*"]), "b", false, "there is none"),
      (.etag(["x"]), "a", false, "it is another"),
    ] as [(Store.Condition, String, Bool, String)])
  func conditions(
    _ condition: Store.Condition, _ name: String, _ isMet: Bool, _ reason: String
  ) throws {
    let store = try Store(directory: scratch.path)
    try put("a", "first", in: store)
    let file = try store.temporary()
    try file.append("second".utf8.span)
    let record = ObjectRecord(
      key: try key(name), size: 6, etag: ETag(high: 3, low: 4, parts: 0), modified: 0, fields: [])
    #expect(try store.commit(file, as: record, if: condition) == isMet, "\(reason)")
    #expect(try content(of: "a", in: store) == (isMet && name == "a" ? "second" : "first"))
  }

  @Test func whatWasLeftInTheMiddleIsSwept() throws {
    do {
      let store = try Store(directory: scratch.path)
      try put("a", "whole", in: store)
    }
    // A process that was killed leaves its temporaries.
    try write(Data("half".utf8), to: "\(scratch.path)/incoming/7")
    let store = try Store(directory: scratch.path)
    #expect(try scratch.names(in: "incoming") == [])
    #expect(keys(store) == ["a"])
  }

  @Test func aTemporaryThatIsDroppedIsRemoved() throws {
    let store = try Store(directory: scratch.path)
    do {
      let file = try store.temporary()
      try file.append("half".utf8.span)
      #expect(try scratch.names(in: "incoming").count == 1)
      withExtendedLifetime(file) {}
    }
    #expect(try scratch.names(in: "incoming") == [])
  }

  @Test func filesThatHoldNoObjectAreLeftAlone() throws {
    let outside = try Scratch()
    try write(Data("s".utf8), to: "\(outside.path)/secret")
    let name = try key("a").fileName
    do {
      let store = try Store(directory: scratch.path)
      try put("b", "whole", in: store)
    }
    let objects = "\(scratch.path)/objects"
    let whole = try Data(contentsOf: URL(filePath: "\(objects)/\(try key("b").fileName)"))
    let files = FileManager.default
    try write(Data(), to: "\(objects)/empty")
    try write(Data("no object".utf8), to: "\(objects)/text")
    try write(whole.dropLast(), to: "\(objects)/cut")
    try write(Data("x".utf8) + whole, to: "\(objects)/shifted")
    try write(whole, to: "\(objects)/renamed")
    try files.createDirectory(atPath: "\(objects)/directory", withIntermediateDirectories: false)
    try files.createSymbolicLink(
      atPath: "\(objects)/\(name)", withDestinationPath: "\(outside.path)/secret")
    #expect(unsafe mkfifo("\(objects)/pipe", 0o600) == 0)

    let store = try Store(directory: scratch.path)
    #expect(
      Set(store.strangeFiles)
        == ["empty", "text", "cut", "shifted", "renamed", "directory", "pipe", name])
    #expect(keys(store) == ["b"])
    // The link is not followed, neither for reading nor for writing.
    #expect(throws: SystemError.self) { try store.open(try key("a"))?.record }
    try put("a", "mine", in: store)
    #expect(try content(of: "a", in: store) == "mine")
    #expect(try Data(contentsOf: URL(filePath: "\(outside.path)/secret")) == Data("s".utf8))
  }

  @Test func aDirectoryOfOthersIsNotTouched() throws {
    try write(Data(), to: "\(scratch.path)/thesis.txt")
    let error = #expect(throws: StoreError.self) { try Store(directory: self.scratch.path) }
    #expect(error?.reason == .foreign)
    #expect(try scratch.names(in: "") == ["thesis.txt"])
  }

  @Test func aDirectoryThatIsMissingIsMade() throws {
    let store = try Store(directory: "\(scratch.path)/new")
    #expect(store.objectCount == 0)
    let error = #expect(throws: StoreError.self) {
      try Store(directory: "\(self.scratch.path)/no/parent")
    }
    #expect(error?.description.contains("check that its parent exists") == true)
  }

  @Test func aBucketHasOneProcess() throws {
    let first = try Store(directory: scratch.path)
    let error = #expect(throws: StoreError.self) { try Store(directory: self.scratch.path) }
    #expect(error?.reason == .inUse)
    withExtendedLifetime(first) {}
  }

  @Test func anotherLayoutIsRefused() throws {
    try write(Data("slotd bucket, layout 2\n".utf8), to: "\(scratch.path)/slotd-bucket")
    let error = #expect(throws: StoreError.self) { try Store(directory: self.scratch.path) }
    #expect(error?.reason == .layout)
  }

  @Test func rulesForWebPagesAreKept() throws {
    let rules = CORSRules(rules: [CORSRules.Rule(origins: ["https://a"], methods: ["PUT"])])
    do {
      let store = try Store(directory: scratch.path)
      #expect(store.corsRules == nil)
      try store.setCORS(rules)
    }
    do {
      let store = try Store(directory: scratch.path)
      #expect(store.corsRules == rules)
      try store.setCORS(.closed)
    }
    #expect(try Store(directory: scratch.path).corsRules == .closed)
  }
}
