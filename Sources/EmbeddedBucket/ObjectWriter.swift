internal import CLinux
internal import Reactor

/// Writes the body of one upload to the disk, and hashes it as it comes. Used by one thread at a time; each call may wait for the disk.
final class ObjectWriter {
  private let store: Store
  private let plan: UploadPlan
  private var file: TemporaryFile?
  private var digest: BodyDigest

  init(_ plan: UploadPlan, in store: Store) {
    self.store = store
    self.plan = plan
    digest = BodyDigest(plan.body)
  }

  /// Takes the next piece of the body.
  func append(_ bytes: Span<UInt8>) throws(SystemError) {
    let file = try openFile()
    digest.update(bytes)
    try file.append(bytes)
  }

  private func openFile() throws(SystemError) -> TemporaryFile {
    if let file { return file }
    let new = try store.temporary()
    file = new
    return new
  }

  /// Makes the body what it was planned to be, if it is what it was said to be, by the checksum that stood behind it, too.
  func finish(trailing checksum: [UInt8]?) throws(S3Error) -> ETag {
    let etag = try digest.finish(trailing: checksum)
    var unmet: String?
    do throws(SystemError) {
      let file = try openFile()
      var record = ObjectRecord(
        key: plan.key, size: UInt64(file.size), etag: etag, modified: slotd_unix_seconds(),
        fields: [])
      switch plan.destination {
      case .object(let fields, let condition):
        record.fields = fields
        guard try store.commit(file, as: record, if: condition) else {
          unmet = condition.field
          break
        }
      case .part(let upload, let number):
        try store.commit(
          file, record, to: upload.directory, as: PartedUpload.fileName(of: number))
      }
    } catch {
      throw .storage(error)
    }
    if let unmet { throw .preconditionFailed(unmet) }
    return etag
  }
}
