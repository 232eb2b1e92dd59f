internal import Signing
internal import Wire

/// The name of an object: 1 to 1,024 bytes of UTF-8, any of them, in which `/` means nothing.
///
/// Keys are ordered by their bytes, as S3 lists them (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html).
struct ObjectKey: Hashable, Sendable {
  let bytes: [UInt8]

  /// Bytes that a key may have.
  static let bytesMax = 1024

  /// The key with these bytes, or nil where there can be none.
  init?(_ bytes: [UInt8]) {
    guard 1...Self.bytesMax ~= bytes.count, isUTF8(bytes.span) else { return nil }
    self.bytes = bytes
  }

  /// The name of the object's file: the SHA-256 of the key in hexadecimal digits.
  ///
  /// So two keys never meet on disk, whatever a file system makes of case, length, dots and slashes; the key itself is in the file.
  var fileName: String {
    let digest = SHA256.digest(of: bytes.span)
    var name = ByteBuffer(capacity: 64)
    name.append(hex: digest.span)
    return String(copying: name.bytes)
  }
}

/// Whether `bytes` are valid UTF-8.
func isUTF8(_ bytes: Span<UInt8>) -> Bool {
  do throws(UTF8.ValidationError) {
    _ = try UTF8Span(validating: bytes)
    return true
  } catch {
    return false
  }
}
