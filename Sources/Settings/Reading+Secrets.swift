internal import Signing

extension Reading {
  /// The secret that `key` or its file holds; nil where neither is set or there is a mistake.
  mutating func secret(_ key: SecretKey, host: String? = nil) -> Secret? {
    var bytes: [UInt8] = []
    defer { wipe(&bytes) }
    guard let found = find(key, host: host, into: &bytes) else { return nil }
    return secret(from: &bytes, key, found)
  }

  /// The secrets of a key that is a list, one a line where they come from a file.
  mutating func secrets(_ key: SecretKey) -> [Secret] {
    guard let level = source.find(key) else { return [] }
    var lists: [[UInt8]] = []
    let found: Source.Found
    if let value = level.value, level.file == nil {
      guard let texts = value.raw.texts else {
        fail(value, "this must be \(key.entry.allowed)")
        return []
      }
      lists = texts.map { Array($0.utf8) }
      found = value
    } else {
      var bytes: [UInt8] = []
      defer { wipe(&bytes) }
      guard let file = find(key, into: &bytes) else { return [] }
      lists = bytes.split { $0 == 0x0a || $0 == 0x0d }.map(Array.init)
      found = file
    }
    guard !lists.isEmpty else {
      fail(found, "this holds no secret: take it away, or add one")
      return []
    }
    return lists.indices.compactMap { secret(from: &lists[$0], key, found, number: $0 + 1) }
  }

  /// Finds what holds the secret and puts its bytes where no copy of them is left behind.
  private mutating func find(
    _ key: SecretKey, host: String? = nil, into bytes: inout [UInt8]
  ) -> Source.Found? {
    guard let level = source.find(key, host: host) else { return nil }
    if let value = level.value, level.file != nil {
      fail(value, "\(key.entry.name) and \(key.fileEntry.name) are both set: keep one")
      return nil
    }
    if let value = level.value {
      guard let text = value.raw.text else {
        fail(value, "this must be \(key.entry.allowed)")
        return nil
      }
      bytes = Array(text.utf8)
      return value
    }
    guard let file = level.file else { return nil }
    guard let path = path(in: file) else {
      fail(file, "this must be \(key.fileEntry.allowed)")
      return nil
    }
    do {
      bytes = try files.line(path)
      guard !bytes.isEmpty else {
        fail(file, "\(path) is empty: it must hold \(key.entry.name)")
        return nil
      }
      return file
    } catch {
      fail(file, "\(path) \(error.reason)")
      return nil
    }
  }

  /// The path of the file that holds the secret; nil where the secret stands elsewhere.
  func file(of key: SecretKey, host: String? = nil) -> String? {
    source.find(key, host: host)?.file.flatMap(path)
  }

  /// The path that was written down, completed with the configuration file's directory where it stands in that file.
  private func path(in found: Source.Found) -> String? {
    guard let written = found.raw.text, !written.isEmpty else { return nil }
    guard case .toml = found.raw else { return written }
    return FilePath.resolve(written, besides: source.file)
  }

  private mutating func secret(
    from bytes: inout [UInt8], _ key: SecretKey, _ found: Source.Found, number: Int? = nil
  ) -> Secret? {
    let what = number.map { "secret \($0)" } ?? "the secret"
    guard bytes.count >= key.bytesMin else {
      fail(found, "\(what) has \(bytes.count) bytes: at least \(key.bytesMin)")
      return nil
    }
    guard bytes.allSatisfy(Secret.isAllowed) else {
      fail(found, "\(what) holds a blank or something else that is not visible ASCII")
      return nil
    }
    return Secret(taking: &bytes)
  }
}
