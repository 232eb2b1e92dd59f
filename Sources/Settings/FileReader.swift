import Glibc
internal import Signing

/// How the configuration and the files that it names are read; tests bring their own.
public struct FileReader: Sendable {
  /// Why a file could not be read, as the end of a sentence: "does not exist".
  public struct Failure: Error, Sendable, Equatable {
    /// The words.
    public let reason: String

    /// A failure that says `reason`.
    public init(_ reason: String) { self.reason = reason }
  }

  /// Bytes a file may have; a configuration or a secret that is larger is another file by mistake.
  public static let bytesMax = 1 << 20

  /// Reads the whole file at a path.
  public let read: @Sendable (_ path: String) throws(Failure) -> [UInt8]

  /// A reader that does what `read` does.
  public init(read: @escaping @Sendable (_ path: String) throws(Failure) -> [UInt8]) {
    self.read = read
  }

  /// Reads the whole file at a path as text.
  public func text(_ path: String) throws(Failure) -> String {
    guard let text = String(validating: try read(path), as: UTF8.self) else {
      throw Failure("is not UTF-8")
    }
    return text
  }

  /// Reads from the file system. The corresponding C functions are `open`, `read` and `close`.
  public static let system = FileReader { path throws(Failure) in
    // Safe: the path is a C string for the call's time.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(words(for: errno)) }
    defer { _ = close(descriptor) }
    var error: Int32 = 0
    // Room for all that is allowed, of which only what the file fills is ever touched.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: bytesMax + 1) { room, end in
      var count = 1
      while count != 0, error == 0, end < room.count {
        // Safe: what lies behind `end` is as long as the count says.
        count = unsafe Glibc.read(
          descriptor, room.baseAddress?.advanced(by: end), room.count - end)
        if count > 0 { end += count } else if count < 0, errno != EINTR { error = errno }
      }
    }
    guard error == 0 else { throw Failure(words(for: error)) }
    guard bytes.count <= bytesMax else { throw Failure("is larger than 1 MiB") }
    return bytes
  }

  /// Reads a file without the line ends behind its text.
  func line(_ path: String) throws(Failure) -> [UInt8] {
    var bytes = try read(path)
    while let last = bytes.last, last == 0x0a || last == 0x0d { bytes.removeLast() }
    return bytes
  }

  /// Reads a file that holds one secret; the failure names the file.
  func secret(_ path: String) throws(Failure) -> Secret {
    do throws(Failure) {
      var bytes = try line(path)
      defer { wipe(&bytes) }
      guard !bytes.isEmpty else { throw Failure("is empty") }
      guard bytes.allSatisfy(Secret.isAllowed) else {
        throw Failure("holds a blank or something else that is not visible ASCII")
      }
      return Secret(taking: &bytes)
    } catch {
      throw Failure("\(path) \(error.reason)")
    }
  }

  private static func words(for error: Int32) -> String {
    switch error {
    case ENOENT: "does not exist"
    case EACCES, EPERM: "may not be read by the user that slotd runs as"
    case EISDIR: "is a directory"
    case ENOTDIR: "lies below something that is no directory"
    case ENAMETOOLONG: "has too long a name"
    default: "cannot be read (error \(error))"
    }
  }
}

/// Paths of files, joined as the shell would.
enum FilePath {
  /// `path`, or where it is relative, `path` below the directory of `file`.
  static func resolve(_ path: String, besides file: String?) -> String {
    guard !path.hasPrefix("/"), let file, let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }
}
