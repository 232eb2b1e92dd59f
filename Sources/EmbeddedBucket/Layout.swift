internal import CLinux
internal import Reactor
internal import Wire

/// The directories of a bucket: open, locked, and without what earlier processes left half done.
struct Layout {
  let root: Directory
  let objects: Directory
  let incoming: Directory
  let uploads: Directory
  /// When the bucket was made, in seconds since the beginning of 1970 in UTC.
  let created: Int64

  /// The file that says: this directory is a bucket's. Only in such a one is anything removed.
  private static let markName = "slotd-bucket"
  /// What the mark begins with; the time when the bucket was made stands behind it.
  private static let markText = "slotd bucket, layout 1, made at "
  /// What may be there before: what a file system has at its root, and what a start left that was cut short.
  private static let harmlessNames = ["lost+found", markName + ".new"]

  /// Opens the bucket in the directory at `path`, which is made where it is missing.
  init(_ path: String) throws(StoreError.Reason) {
    do throws(SystemError) {
      root = try Directory(path: path)
    } catch {
      throw .system(error)
    }
    created = try Self.claim(root)
    do throws(SystemError) {
      objects = try Directory("objects", in: root)
      incoming = try Directory("incoming", in: root)
      uploads = try Directory("uploads", in: root)
      try root.sync()
      for name in try incoming.names() { try incoming.remove(name) }
      try PartedUpload.sweep(uploads, now: slotd_unix_seconds())
    } catch {
      throw .system(error)
    }
  }

  /// Keeps others out, and makes sure that the directory is a bucket's; returns when it was made.
  private static func claim(_ root: Directory) throws(StoreError.Reason) -> Int64 {
    let made: Int64?
    let reason: StoreError.Reason
    do throws(SystemError) {
      let locked = try root.lock()
      let names = locked ? try root.names() : []
      if !locked {
        (made, reason) = (nil, .inUse)
      } else if names.contains(markName) {
        (made, reason) = (try readMark(root), .layout)
      } else if names.allSatisfy(harmlessNames.contains) {
        (made, reason) = (try writeMark(root), .layout)
      } else {
        (made, reason) = (nil, .foreign)
      }
    } catch {
      throw .system(error)
    }
    guard let made else { throw reason }
    return made
  }

  private static func readMark(_ root: Directory) throws(SystemError) -> Int64? {
    let text = try root.open(markName).read(128, at: 0)
    guard text.starts(with: markText.utf8) else { return nil }
    let digits = text.dropFirst(markText.utf8.count).prefix { $0.isDigit }
    return UInt64(decimal: digits.span).flatMap { Int64(exactly: $0) }
  }

  private static func writeMark(_ root: Directory) throws(SystemError) -> Int64 {
    let now = slotd_unix_seconds()
    // Written under another name first: a mark that is there is whole.
    let file = try TemporaryFile("\(markName).new", in: root)
    try file.append("\(markText)\(now)\n".utf8.span)
    try file.sync()
    try file.move(to: root, as: markName)
    return now
  }
}
