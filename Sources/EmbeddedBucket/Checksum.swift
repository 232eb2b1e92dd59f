internal import Signing
internal import Wire

/// One of the ways in which a client says what a body hashes to, beside `Content-MD5`: AWS's tools do so with every upload
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html).
enum Checksum: String, CaseIterable, Sendable {
  case crc32, crc32c, crc64nvme, sha1, sha256

  /// The field that holds it, in Base64: of the head, or behind a body in chunks.
  var field: String { "x-amz-checksum-\(rawValue)" }

  /// Bytes that it has.
  var byteCount: Int {
    switch self {
    case .crc32, .crc32c: 4
    case .crc64nvme: 8
    case .sha1: 20
    case .sha256: 32
    }
  }

  /// A checksum in progress.
  enum State: Sendable {
    case crc(CRC)
    case sha1(SHA1)
    case sha256(SHA256)

    /// The checksum of nothing yet.
    init(_ checksum: Checksum) {
      switch checksum {
      case .crc32: self = .crc(CRC(.crc32))
      case .crc32c: self = .crc(CRC(.crc32C))
      case .crc64nvme: self = .crc(CRC(.crc64NVMe))
      case .sha1: self = .sha1(SHA1())
      case .sha256: self = .sha256(SHA256())
      }
    }

    /// Takes in more bytes.
    mutating func update(_ bytes: Span<UInt8>) {
      switch self {
      case .crc(var crc):
        crc.update(bytes)
        self = .crc(crc)
      case .sha1(var hash):
        hash.update(bytes)
        self = .sha1(hash)
      case .sha256(var hash):
        hash.update(bytes)
        self = .sha256(hash)
      }
    }

    /// Ends it.
    consuming func finish() -> [UInt8] {
      switch self {
      case .crc(let crc): return crc.digest
      case .sha1(var hash):
        let digest = hash.finish()
        return Array(copying: digest.span)
      case .sha256(var hash):
        let digest = hash.finish()
        return Array(copying: digest.span)
      }
    }
  }

  /// Reads the value of ``field``.
  func read(_ value: Span<UInt8>) throws(S3Error) -> [UInt8] {
    var digest = ByteBuffer(capacity: max(value.count, 1))
    guard digest.append(base64Decoded: value), digest.count == byteCount else {
      throw S3Error(.invalidRequest, "Value for \(field) header is invalid.")
    }
    return Array(copying: digest.bytes)
  }
}
