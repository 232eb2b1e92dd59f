import CLinux
import EmbeddedBucket
import Glibc
import Reactor
import Settings
import Signing
import Wire

/// The embedded bucket as slotd runs it: its files, and the access key that only slotd and its owner know.
final class Embedded: Sendable {
  let directory: String
  let store: Store
  /// Whose signatures the bucket takes; slotd signs with the same.
  let accessKey: AccessKey
  private let options: Published<BucketOptions>

  /// The name of the bucket: the first segment of its URLs' paths.
  static let bucketName = "uploads"
  /// The region that its signatures name. None of AWS's: for those that have it, its tools still presign with Signature Version 2.
  static let region = "local"

  /// Opens the bucket, which is made where it is missing.
  init(_ settings: EmbeddedBucketSettings) throws(ConfigurationError) {
    directory = settings.directory
    do throws(StoreError) {
      store = try Store(directory: settings.directory)
    } catch {
      throw ConfigurationError("embedded.directory: \(error)")
    }
    if let kept = try AccessKey(keptIn: settings.directory) {
      accessKey = kept
    } else {
      accessKey = try AccessKey(madeIn: settings.directory)
    }
    options = Published(BucketOptions(settings, accessKey))
  }

  /// The URL that the objects' URLs begin with.
  static func bucketURL(_ settings: EmbeddedBucketSettings) -> String {
    "\(settings.publicURL)/\(bucketName)"
  }

  /// The service of one worker.
  func service(_ clock: Clock, _ observer: (@Sendable (BucketEvent) -> Void)?) -> BucketService {
    let service = BucketService(store, options.current, clock: clock)
    service.observer = observer
    var edition = 0
    service.newerOptions = { [options] in options.newer(than: &edition) }
    return service
  }

  /// Serves with other settings from now on. Their directory must be the same: see ``check(_:insteadOf:)``.
  func adopt(_ settings: EmbeddedBucketSettings) {
    options.publish(BucketOptions(settings, accessKey))
  }

  /// Throws where other settings cannot take the place of those that `embedded` was opened with: a directory is opened, and its files
  /// are looked at, once.
  static func check(
    _ settings: EmbeddedBucketSettings?, insteadOf embedded: Embedded?
  ) throws(ConfigurationError) {
    guard let settings, settings.directory != embedded?.directory else { return }
    throw ConfigurationError(
      "slotd opens embedded.directory only when it starts: restart it to use \(settings.directory)")
  }
}

extension BucketOptions {
  fileprivate init(_ settings: EmbeddedBucketSettings, _ accessKey: AccessKey) {
    self.init(name: Embedded.bucketName, identity: accessKey.identity)
    allowsAnonymousReads = settings.anonymousGet
    if settings.uploadStatus == 201 { uploadStatus = .created }
    sizeMax = UInt64(clamping: settings.maxObjectSize)
    pageOrigins = settings.corsOrigins
  }
}

/// The access key of the embedded bucket. It is made at the first start and kept with the files, so that URLs outlive a restart.
struct AccessKey: Sendable {
  let id: String
  let secret: String

  private static let fileName = "access-key"

  /// Reads the key that is kept in `directory`; nil where none is.
  init?(keptIn directory: String) throws(ConfigurationError) {
    let path = "\(directory)/\(Self.fileName)"
    guard let text = try? FileReader.system.read(path) else { return nil }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    guard lines.count == 2 else {
      throw ConfigurationError(
        "\(path) must have two lines, an access key and its secret: remove it to have one made")
    }
    (id, secret) = (String(lines[0]), String(lines[1]))
  }

  /// Makes a key and keeps it in `directory`.
  init(madeIn directory: String) throws(ConfigurationError) {
    var random = RandomBytes()
    var text = ByteBuffer(capacity: 128)
    text.append("SLOTD")
    var made = random.appendHex(8, to: &text)
    text.append(UInt8(ascii: "\n"))
    made = made && random.appendHex(20, to: &text)
    text.append(UInt8(ascii: "\n"))
    guard made else { throw ConfigurationError("the system has no random numbers") }
    let lines = String(copying: text.bytes).split(separator: "\n")
    (id, secret) = (String(lines[0]), String(lines[1]))
    try Self.write(text, "\(directory)/\(Self.fileName)")
  }

  /// The key where the embedded bucket is.
  var identity: SigningIdentity {
    SigningIdentity(
      Credentials(accessKeyID: id, secretAccessKey: secret), region: Embedded.region)
  }

  private static func write(_ text: borrowing ByteBuffer, _ path: String) throws(ConfigurationError)
  {
    // Safe: the string is lent for the call.
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ConfigurationError("\(path) cannot be written: \(SystemError("open", -errno).text)")
    }
    let file = Descriptor(owning: descriptor)
    guard slotd_write(file.rawValue, text.bytes) == text.count else {
      throw ConfigurationError("\(path) could not be written")
    }
  }
}
