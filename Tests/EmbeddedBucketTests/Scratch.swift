import FoundationEssentials

/// A directory that is there for one test.
final class Scratch: Sendable {
  let path: String

  init() throws {
    let path = FileManager.default.temporaryDirectory.path + "/slotd-bucket-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    self.path = path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func names(in directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(directory)")
  }
}
