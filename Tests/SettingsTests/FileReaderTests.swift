import Glibc
import Testing

@testable import Settings

@Suite struct FileReaderTests {
  @Test func readsWhatThereIs() throws {
    let version = try FileReader.system.read("/proc/self/status")
    #expect(String(decoding: version.prefix(5), as: UTF8.self) == "Name:")
    #expect(try FileReader.system.read("/dev/null") == [])
  }

  @Test(arguments: [
    ("/none/at/all", "does not exist"), ("/", "is a directory"),
    ("/dev/null/x", "lies below something"),
    ("/dev/zero", "is larger than 1 MiB"),
    ("/" + String(repeating: "x", count: 300), "too long a name"),
  ]) func saysWhyNot(_ path: String, _ words: String) {
    let failure = #expect(throws: FileReader.Failure.self) { try FileReader.system.read(path) }
    #expect(failure?.reason.contains(words) == true)
  }

  @Test(
    arguments: [
      (nil, "/none/slotd.toml", "/none/slotd.toml does not exist"),
      ([0xff, 0xfe], "a.toml", "a.toml is not UTF-8"),
    ] as [([UInt8]?, String, String)])
  func theConfigurationItselfCanBeTheTrouble(_ bytes: [UInt8]?, _ path: String, _ words: String) {
    let reader = FileReader { path throws(FileReader.Failure) in
      if let bytes { return bytes }
      return try FileReader.system.read(path)
    }
    let loaded = Configuration.load(file: path, environment: [:], files: reader)
    #expect(loaded.mistakes == [words])
  }

  @Test(
    arguments: [
      ("/a/b", "/etc/slotd.toml", "/a/b"), ("b", "/etc/slotd.toml", "/etc/b"),
      ("b", "slotd.toml", "b"),
      ("b", "conf/slotd.toml", "conf/b"), ("b", nil, "b"),
    ] as [(String, String?, String)])
  func relativePathsStartAtTheConfiguration(_ path: String, _ file: String?, _ full: String) {
    #expect(FilePath.resolve(path, besides: file) == full)
  }

  @Test func theReferenceNamesEveryKeyAndVariable() {
    for entry in Keys.all {
      #expect(Configuration.reference.contains("\n\(entry.name)\n"))
      if entry.hasVariable { #expect(Configuration.reference.contains("    \(entry.variable), ")) }
    }
  }

  @Test(arguments: [
    ("listen", "listen", 0), ("lisen", "listen", 1), ("lsiten", "listen", 1), ("a", "", 1),
    ("kitten", "sitting", 3), ("", "", 0),
  ]) func distances(_ a: String, _ b: String, _ distance: Int) {
    #expect(Suggestion.distance(a, b) == distance)
    #expect(Suggestion.distance(b, a) == distance)
  }
}
