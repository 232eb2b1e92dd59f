internal import Signing
internal import Wire

/// An answer that holds credentials or says why not. What was decoded of it is overwritten when it goes.
final class CredentialAnswer {
  private var fields = CredentialFields()
  private var text: ByteBuffer

  /// Reads the JSON object of the container endpoint or of the instance's metadata service, and overwrites it; nil where it is none.
  ///
  /// ```
  /// {"Code":"Success","AccessKeyId":"ASIA…","SecretAccessKey":"…","Token":"…","Expiration":"2026-11-21T16:11:12Z"}
  /// ```
  convenience init?(json bytes: consuming [UInt8]) { self.init(bytes, Self.read(json:into:)) }

  /// Reads the XML document of STS, and overwrites it; nil where it is none.
  ///
  /// ```
  /// <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
  ///   <AccessKeyId>ASIA…</AccessKeyId> … </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
  /// <ErrorResponse><Error><Code>AccessDenied</Code><Message>…</Message></Error></ErrorResponse>
  /// ```
  convenience init?(xml bytes: consuming [UInt8]) { self.init(bytes, Self.read(xml:into:)) }

  private init?(
    _ bytes: consuming [UInt8], _ read: (Span<UInt8>, inout ByteBuffer) -> CredentialFields?
  ) {
    // Nothing becomes longer by being decoded.
    var text = ByteBuffer(capacity: max(bytes.count, 1))
    let fields = read(bytes.span, &text)
    wipe(&bytes)
    self.text = text
    guard let fields else { return nil }
    self.fields = fields
  }

  deinit { wipe(&text) }

  /// The code of an error, where one is told.
  var errorCode: String? { Self.errorCode(fields, text) }
  /// The code of an error and what is said about it, where one is told.
  var error: String? { Self.error(fields, text) }

  /// The credentials; throws what is missing. `source` begins the sentence.
  func credentials(from source: String) throws(CredentialFailure) -> Credentials {
    try Self.credentials(fields, text, source)
  }

  // What follows is static, because a stored property of a class lends no spans; as an argument it does.

  private static func errorCode(
    _ fields: CredentialFields, _ text: borrowing ByteBuffer
  ) -> String? {
    fields.errorCode(in: text.bytes)
  }

  private static func error(
    _ fields: CredentialFields, _ text: borrowing ByteBuffer
  ) -> String? {
    fields.error(in: text.bytes)
  }

  private static func credentials(
    _ fields: CredentialFields, _ text: borrowing ByteBuffer, _ source: String
  ) throws(CredentialFailure) -> Credentials {
    try fields.credentials(in: text.bytes, from: source)
  }

  private static func read(
    json bytes: Span<UInt8>, into text: inout ByteBuffer
  ) -> CredentialFields? {
    var fields = CredentialFields()
    var reader = JSONObjectReader()
    while true {
      switch reader.next(bytes, &text) {
      case .member(let name, .string(let value)): fields.set(text.bytes[name], value)
      case .member: continue
      case .end: return fields
      case .malformed: return nil
      }
    }
  }

  private static func read(
    xml bytes: Span<UInt8>, into text: inout ByteBuffer
  ) -> CredentialFields? {
    var fields = CredentialFields()
    var reader = XMLReader()
    var start = 0
    while true {
      switch reader.next(bytes) {
      case .start: start = text.count
      case .text(let range): guard text.append(xmlDecoded: bytes[range]) else { return nil }
      case .literal(let range): text.append(bytes[range])
      case .end(let name):
        // What has elements inside has no text that matters; it comes after theirs and so overwrites nothing.
        fields.set(bytes[name], ByteRange(start, text.count))
        start = text.count
      case .over: return fields
      case .malformed: return nil
      }
    }
  }
}
