internal import Wire

/// What one thread signs and verifies with: the keys of the day, and room for the three stages of a signature.
///
/// The stages stand one behind the other in memory that is kept, and stay readable until the next signature: tests compare them,
/// and a refusal shows them to whoever signed something else.
public struct Signer: ~Copyable {
  /// Bytes of the room: a canonical request of the longest head that is read, all of it escaped, and a string to sign.
  static let roomBytes = 65_536

  /// Canonical request, string to sign, signature.
  var text = ByteBuffer(capacity: Signer.roomBytes)
  /// How the query of a presigned URL begins, up to the names of the signed fields.
  var query = StampedText()
  /// How a string to sign begins, up to the hash in it, and what the code of one has come to there: a block less to hash, of eleven.
  private var head = StampedText()
  private var begun = SHA256()
  /// The query of a request that is verified, or signed in a field.
  var parameters = QueryParameters(capacity: Signer.roomBytes)
  /// What a request that is verified says of its signature.
  var claims = ByteBuffer(capacity: Signer.roomBytes)
  /// The time of the last signature: many are made in a second.
  private var date = AmzDate(unixSeconds: 0)
  private var keys: SigningKeyCache
  private var canonicalRequestEnd = 0
  private var stringToSignEnd = 0

  /// A signer that knows no key yet, and will keep those of so many identities.
  public init(identities: Int = 4) { keys = SigningKeyCache(identities: identities) }

  /// The canonical request of the last signature.
  public var canonicalRequest: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.bytes.extracting(0..<canonicalRequestEnd) }
  }

  /// The string to sign of the last signature.
  public var stringToSign: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.bytes.extracting(canonicalRequestEnd..<stringToSignEnd) }
  }

  /// The last signature: 64 hexadecimal digits in lower case, or nothing when it did not come to one.
  public var signature: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.bytes.extracting(stringToSignEnd..<text.count) }
  }

  /// Overwrites the keys: for when credentials were replaced, so that the old ones do not outlive it.
  public mutating func forgetKeys() {
    keys.forget()
    query.forget()
    head.forget()
    begun.wipe()
  }

  /// The time so many seconds after the beginning of 1970.
  mutating func date(at unixSeconds: Int64) -> AmzDate {
    if date.unixSeconds != unixSeconds { date = AmzDate(unixSeconds: unixSeconds) }
    return date
  }

  /// Makes room for a canonical request, to be appended to ``text``.
  mutating func begin() {
    text.clear()
    canonicalRequestEnd = 0
    stringToSignEnd = 0
  }

  /// Takes what was appended for the canonical request, and appends the string to sign and the ``signature``.
  /// Returns the place of the signature in ``text``, or nil where the canonical request had not fitted.
  mutating func sign(as identity: SigningIdentity, on date: AmzDate) -> ByteRange? {
    canonicalRequestEnd = text.count
    let digest = SHA256.digest(of: text.bytes)
    let key = keys.place(of: identity, on: date)
    let isNew = head.adopt(identity, second: date.unixSeconds) { text in
      text.append("AWS4-HMAC-SHA256\n")
      text.append(date.bytes)
      text.append("\n")
      text.append(date.day)
      text.append(identity.scopeTail.bytes)
      text.append("\n")
    }
    if isNew { begun = keys.begun(with: head.text.bytes, at: key) }
    head.append(to: &text)
    text.append(hex: digest.span)
    stringToSignEnd = text.count
    let hexDigits = 2 * digest.count
    let signature = keys.authenticate(
      text.bytes.extracting(last: hexDigits), after: begun, at: key)
    text.append(hex: signature.span)
    guard !text.overflowed else {
      begin()
      return nil
    }
    return ByteRange(stringToSignEnd, text.count)
  }
}
