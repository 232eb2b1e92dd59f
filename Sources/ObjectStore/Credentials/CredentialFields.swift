internal import Signing
internal import Wire

/// What an answer with credentials says: the ranges of its fields in the buffer that it was decoded into.
///
/// The container endpoint and the instance's metadata service answer in JSON, STS in XML; the fields are the same.
struct CredentialFields {
  private var accessKeyID: ByteRange?
  private var secretAccessKey: ByteRange?
  private var sessionToken: ByteRange?
  private var expiration: ByteRange?
  private var code: ByteRange?
  private var message: ByteRange?

  /// Bytes of a session token. AWS gives no limit and advises to allow for 4 KiB; a URL has room for as many.
  static let tokenBytesMax = 4_096

  /// Takes a field over, where it is one of those.
  ///
  /// Not inlined: what an inlined copy stores in the loop over an XML document is lost in release builds by the optimizer of the
  /// compiler 6.3.1.
  @inline(never)
  mutating func set(_ name: Span<UInt8>, _ value: ByteRange) {
    if name.equals("AccessKeyId") {
      accessKeyID = value
    } else if name.equals("SecretAccessKey") {
      secretAccessKey = value
    } else if name.equals("Token") || name.equals("SessionToken") {
      sessionToken = value
    } else if name.equals("Expiration") {
      expiration = value
    } else if name.equals("Code") || name.equals("code") {
      code = value
    } else if name.equals("Message") || name.equals("message") {
      message = value
    }
  }

  /// The code of an error; nil where none is told, or success is.
  func errorCode(in text: Span<UInt8>) -> String? {
    guard let code, !text[code].equals("Success") else { return nil }
    return String(copying: text[code]).asQuotation
  }

  /// The code of an error and what is said about it.
  func error(in text: Span<UInt8>) -> String? {
    guard let code = errorCode(in: text) else { return nil }
    return message.map { "\(code): \(String(copying: text[$0]).asQuotation)" } ?? code
  }

  /// The credentials; throws what is missing. `source` begins the sentence.
  func credentials(
    in text: Span<UInt8>, from source: String
  ) throws(CredentialFailure) -> Credentials {
    let remedy = "see whether its URL leads to the right server"
    guard let accessKeyID, let secretAccessKey, !accessKeyID.isEmpty, !secretAccessKey.isEmpty
    else {
      throw CredentialFailure("\(source) answered without an access key", remedy)
    }
    let token = sessionToken ?? ByteRange()
    guard token.count <= Self.tokenBytesMax else {
      throw CredentialFailure(
        "\(source) gave a session token of \(token.count) bytes, for which no URL has room",
        "use a role with fewer session tags and policies")
    }
    var expiresAt: Int64?
    if let expiration {
      expiresAt = CivilTime(rfc3339: text[expiration])?.unixSeconds
      guard expiresAt != nil else {
        throw CredentialFailure("\(source) gave a session with an end that is no time", remedy)
      }
    }
    return Credentials(
      accessKeyID: String(copying: text[accessKeyID]), secretAccessKey: text[secretAccessKey],
      sessionToken: text[token], expiresAt: expiresAt)
  }
}
