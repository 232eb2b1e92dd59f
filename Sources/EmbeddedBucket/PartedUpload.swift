internal import Glibc
internal import Reactor
internal import Signing
internal import Wire

/// An upload in parts: a directory under `uploads/` with a file `meta`, which says what is to become of it, and a file a part
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html).
///
/// All of them are laid out as objects are, so that a part is as whole and as safe as one.
struct PartedUpload: Sendable {
  /// What the client calls it, and the directory is called.
  let id: String
  let directory: Directory
  /// The key and the fields of the object to be.
  let record: ObjectRecord

  /// Parts that an upload may have.
  static let numbers: ClosedRange<UInt64> = 1...10_000
  /// Bytes of each part but the last, at least.
  static let partBytesMin: UInt64 = 5 << 20
  /// Seconds after which an upload that nobody completed is removed at the next start.
  private static let lifetime: Int64 = 7 * 86_400
  private static let metaName = "meta"

  /// The file of a part.
  static func fileName(of number: UInt64) -> String { "part-\(number)" }

  /// Begins an upload.
  static func create(_ record: ObjectRecord, in store: Store) throws(SystemError) -> PartedUpload {
    let id = try randomID()
    let directory = try Directory(id, in: store.layout.uploads)
    try store.commit(try store.temporary(), record, to: directory, as: metaName)
    try store.layout.uploads.sync()
    return PartedUpload(id: id, directory: directory, record: record)
  }

  /// 32 hexadecimal digits that nobody guesses.
  private static func randomID() throws(SystemError) -> String {
    var random = RandomBytes()
    var id = ByteBuffer(capacity: 32)
    guard random.appendHex(16, to: &id) else { throw SystemError("getrandom", -EIO) }
    return String(copying: id.bytes)
  }

  /// Opens the upload that a client calls `id`; nil where there is none.
  static func open(_ id: String, in uploads: Directory) throws(SystemError) -> PartedUpload? {
    guard id.utf8.count == 32, id.utf8.allSatisfy({ $0.hexDigitValue != nil }) else { return nil }
    do throws(SystemError) {
      let directory = try Directory(existing: id, in: uploads)
      guard let meta = try StoredObject.read(metaName, in: directory) else { return nil }
      return PartedUpload(id: id, directory: directory, record: meta.record)
    } catch {
      if error.number == ENOENT { return nil }
      throw error
    }
  }

  /// Removes all of it.
  func remove(from uploads: Directory) throws(SystemError) {
    for name in try directory.names() { try directory.remove(name) }
    try uploads.removeDirectory(id)
  }

  /// Removes uploads that were given up long ago, or never quite begun.
  static func sweep(_ uploads: Directory, now: Int64) throws(SystemError) {
    for name in try uploads.names() {
      // What is no directory was not put there by a bucket.
      guard let directory = try? Directory(existing: name, in: uploads) else { continue }
      if let upload = try open(name, in: uploads), now - upload.record.modified < lifetime {
        continue
      }
      for file in try directory.names() { try directory.remove(file) }
      try uploads.removeDirectory(name)
    }
  }
}
