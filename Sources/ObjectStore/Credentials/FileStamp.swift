internal import Glibc

/// What changes of a file when its content does: enough to see that it is another or was written to, without reading it.
///
/// The corresponding C function is `stat`, which follows links: Kubernetes replaces a secret by turning one.
struct FileStamp: Equatable, Sendable {
  private let device: UInt64
  private let inode: UInt64
  private let size: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// The stamp of the file at `path`; nil where there is none.
  init?(_ path: String) {
    var status = stat()
    // Safe: the path is a C string for the call's time.
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
