internal import Glibc
internal import Reactor

/// An object's open file, which stays as it is when the object is replaced or deleted meanwhile.
struct StoredObject: ~Copyable {
  let record: ObjectRecord
  let file: Descriptor

  /// Gives the file away.
  consuming func takeFile() -> Descriptor { file }

  /// Bytes at the end of a file that are read at once: most records are smaller.
  private static let tailBytes = 2_048

  /// Opens the file called `name`; nil where it holds no object.
  static func read(_ name: String, in directory: Directory) throws(SystemError) -> StoredObject? {
    let file = try directory.open(name)
    guard let record = try record(of: file) else { return nil }
    return StoredObject(record: record, file: file)
  }

  private static func record(of file: borrowing Descriptor) throws(SystemError) -> ObjectRecord? {
    let size = try file.fileSize()
    var count = min(Int(size), tailBytes)
    var tail = try file.read(count, at: size - Int64(count))
    guard let recordBytes = ObjectRecord.recordBytes(in: tail) else { return nil }
    let trailerBytes = recordBytes + ObjectRecord.footerBytes
    guard trailerBytes <= size else { return nil }
    if trailerBytes > count {
      count = trailerBytes
      tail = try file.read(count, at: size - Int64(count))
    }
    guard let record = ObjectRecord(trailer: Array(tail.suffix(trailerBytes))),
      record.size == UInt64(size - Int64(trailerBytes))
    else { return nil }
    return record
  }
}
