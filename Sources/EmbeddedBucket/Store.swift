internal import CLinux
internal import Glibc
internal import Reactor
internal import Synchronization

/// A bucket's directory: objects are stored whole or not at all, and listed as they were named. Shared by all workers.
///
///     slotd-bucket     says that the directory is a bucket's, and how it is laid out
///     objects/         a file an object, called by the SHA-256 of its key (``ObjectRecord`` says what is in it)
///     incoming/        what is being written; emptied at the start
///     uploads/         a directory an upload in parts that is not completed yet
///     cors             who may use the bucket from a web page, once somebody has said so
///
/// A file is written in `incoming/`, synced, and moved to `objects/` in one step; then that directory is synced. Whatever dies
/// meanwhile, an object is what it was before or what it is after. One directory for all objects is enough: file systems find a name
/// among a million as fast as among ten.
public final class Store: Sendable {
  let pool: WorkPool
  let layout: Layout
  private let index: Mutex<ObjectIndex>
  private let cors: Mutex<CORSRules?>
  /// Held from before a file is moved until the index knows of it, so that both agree on who came last. It is not the lock of the
  /// index, because moving may wait for the disk and listing must not.
  private let committing = Mutex<Void>(())
  private let temporaries = Atomic<UInt64>(0)
  /// Names of files in `objects/` that hold no object, for the log: they are left alone.
  public let strangeFiles: [String]

  /// The threads that write. More than processors, since they mostly wait for the disk, and syncs that wait together end together.
  private static let threads = 8
  private static let corsName = "cors"

  /// Opens the bucket in the directory at `path`, which is made where it is missing, and reads what is in it.
  ///
  /// As long as the store is held no other can open the same. Throws where the directory cannot be used, is in use, or is no bucket's.
  public init(directory path: String) throws(StoreError) {
    do throws(StoreError.Reason) {
      layout = try Layout(path)
      cors = Mutex(try Self.readCORS(layout.root))
    } catch {
      throw StoreError(directory: path, reason: error)
    }
    do throws(SystemError) {
      let (entries, strange) = try Self.scan(layout.objects)
      index = Mutex(ObjectIndex(entries))
      strangeFiles = strange
      pool = try WorkPool(threads: Self.threads)
    } catch {
      throw StoreError(directory: path, reason: .system(error))
    }
  }

  private static func scan(
    _ objects: Directory
  ) throws(SystemError) -> (entries: [ObjectIndex.Entry], strange: [String]) {
    var entries: [ObjectIndex.Entry] = []
    var strange: [String] = []
    for name in try objects.names() {
      if let entry = entry(of: name, in: objects) {
        entries.append(entry)
      } else {
        strange.append(name)
      }
    }
    return (entries, strange)
  }

  /// What is listed of the object in the file called `name`, or nil where it cannot be read or holds none that is called so.
  private static func entry(of name: String, in objects: Directory) -> ObjectIndex.Entry? {
    do throws(SystemError) {
      guard let object = try StoredObject.read(name, in: objects),
        object.record.key.fileName == name
      else { return nil }
      return ObjectIndex.Entry(object.record)
    } catch {
      return nil
    }
  }

  /// A new file to write into.
  func temporary() throws(SystemError) -> TemporaryFile {
    let number = temporaries.add(1, ordering: .relaxed).newValue
    return try TemporaryFile("\(number)", in: layout.incoming)
  }
}

// MARK: - Objects

extension Store {
  /// What must be true of the object that is there, if one is, for another to take its place.
  enum Condition: Equatable, Sendable {
    case none
    /// There is none (`If-None-Match: *`).
    case absent
    /// It has one of these tags, without quotes; `*` is any (`If-Match`).
    case etag([String])
  }

  /// Opens an object; nil where there is none. Throws EINVAL where its file was changed behind the bucket's back.
  func open(_ key: ObjectKey) throws(SystemError) -> StoredObject? {
    do throws(SystemError) {
      // A file that was put there under another's name is not the object that it speaks of.
      guard let object = try StoredObject.read(key.fileName, in: layout.objects),
        object.record.key == key
      else { throw SystemError("read", -EINVAL) }
      return object
    } catch {
      if error.number == ENOENT { return nil }
      throw error
    }
  }

  /// Makes what was written into `file` the content of an object, in place of the one that is there; returns whether the condition
  /// was met. Waits for the disk.
  func commit(
    _ file: TemporaryFile, as record: ObjectRecord, if condition: Condition
  ) throws(SystemError) -> Bool {
    let entry = ObjectIndex.Entry(record)
    try file.append(record.trailer.span)
    try file.sync()
    let met = try committing.withLock { (_) throws(SystemError) in
      guard index.withLock({ condition.isMet(by: $0[record.key]) }) else { return false }
      try file.move(to: layout.objects, as: record.key.fileName)
      index.withLock { $0.set(entry) }
      return true
    }
    try layout.objects.sync()
    return met
  }

  /// Makes what was written into `file` the content of a file that is laid out as objects are. Waits for the disk.
  func commit(
    _ file: TemporaryFile, _ record: ObjectRecord, to directory: Directory, as name: String
  ) throws(SystemError) {
    try file.append(record.trailer.span)
    try file.sync()
    try file.move(to: directory, as: name)
    try directory.sync()
  }

  /// Removes objects, whether they are there or not; returns for each why it could not be. Waits for the disk.
  func remove(_ keys: [ObjectKey]) -> [SystemError?] {
    var errors = keys.map { key in
      committing.withLock { (_) -> SystemError? in
        do throws(SystemError) {
          try layout.objects.remove(key.fileName)
          index.withLock { $0.remove(key) }
          return nil
        } catch {
          return error
        }
      }
    }
    do throws(SystemError) {
      try layout.objects.sync()
    } catch {
      // A removal that may come back with the power has not happened.
      for i in errors.indices { errors[i] = errors[i] ?? error }
    }
    return errors
  }

  /// One page of a listing.
  func page(
    prefix: [UInt8], delimiter: [UInt8], from start: ObjectIndex.Start, count: Int
  ) -> ObjectIndex.Page {
    index.withLock { $0.page(prefix: prefix, delimiter: delimiter, from: start, count: count) }
  }

  /// Objects that there are.
  public var objectCount: Int { index.withLock { $0.count } }
}

extension Store.Condition {
  fileprivate func isMet(by entry: ObjectIndex.Entry?) -> Bool {
    switch self {
    case .none: true
    case .absent: entry == nil
    case .etag(let tags):
      entry.map { entry in tags.contains { $0 == "*" || $0 == entry.etag.text } } ?? false
    }
  }

  /// The field that said so.
  var field: String { self == .absent ? "If-None-Match" : "If-Match" }
}

// MARK: - CORS

extension Store {
  /// Who may use the bucket from a web page; nil where nobody has said so yet.
  var corsRules: CORSRules? { cors.withLock { $0 } }

  /// Replaces the rules. Waits for the disk.
  func setCORS(_ rules: CORSRules) throws(SystemError) {
    try committing.withLock { (_) throws(SystemError) in
      let file = try temporary()
      try file.append(rules.document.bytes.span)
      try file.sync()
      try file.move(to: layout.root, as: Self.corsName)
      try layout.root.sync()
      cors.withLock { $0 = rules }
    }
  }

  private static func readCORS(_ root: Directory) throws(StoreError.Reason) -> CORSRules? {
    let document: [UInt8]
    do throws(SystemError) {
      let file = try root.open(corsName)
      document = try file.read(Int(try file.fileSize()), at: 0)
    } catch {
      if error.number == ENOENT { return nil }
      throw .system(error)
    }
    do throws(S3Error) {
      return try CORSRules(document: document.span, mayBeEmpty: true)
    } catch {
      throw .cors
    }
  }
}
