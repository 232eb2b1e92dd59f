public import Wire

/// Who wants to upload what: a slot request, whatever dialect it came in.
///
/// The texts are ranges into the scratch buffer that they were decoded into. ``SlotRequest/read(query:into:)`` and
/// ``SlotRequest/read(json:into:)`` fill it; ``Grantor`` decides about it.
public struct SlotRequest {
  /// Who asks; bare or full.
  public var jid: ByteRange?
  /// What the file is called.
  public var filename: ByteRange?
  /// Bytes of the file.
  public var size: Size?
  /// The media type that the client announced.
  public var contentType: ByteRange?
  /// The upload service's own JID, or nil: the service of the JID's domain.
  public var host: ByteRange?
  /// What the upload is for.
  public var purpose: Purpose?
  /// When an ephemeral file is not needed any more, in seconds since the beginning of 1970.
  public var expireBefore: Int64?
  /// Seconds that the PUT URL shall live, in place of the configured ones.
  public var expirationTime: Int?

  /// Seconds that a presigned URL may live: a week less one, because some servers take less than a week only.
  public static let expirationTimeMax = 604_799
  /// Bytes that the name of an upload service may have.
  static let hostBytesMax = 1_023

  /// A size as it was asked for.
  public enum Size: Equatable, Sendable {
    case bytes(UInt64)
    /// A number so large that it needs no comparison: ejabberd passes on 31 digits.
    case astronomical
  }

  /// A request that says nothing yet.
  public init() {}

  /// The fields by name, in JSON and in a query.
  enum Field: CaseIterable {
    case jid, filename, size, contentType, host, purpose, expireBefore, expirationTime

    /// The field of that name; a query says `name` for `filename`, and `type` stands beside `content_type`.
    init?(_ name: Span<UInt8>) {
      if name.equals("jid") {
        self = .jid
      } else if name.equals("name") || name.equals("filename") {
        self = .filename
      } else if name.equals("size") {
        self = .size
      } else if name.equals("content_type") || name.equals("type") {
        self = .contentType
      } else if name.equals("host") {
        self = .host
      } else if name.equals("purpose") {
        self = .purpose
      } else if name.equals("expire_before") {
        self = .expireBefore
      } else if name.equals("expiration_time") {
        self = .expirationTime
      } else {
        return nil
      }
    }
  }

  func has(_ field: Field) -> Bool {
    switch field {
    case .jid: jid != nil
    case .filename: filename != nil
    case .size: size != nil
    case .contentType: contentType != nil
    case .host: host != nil
    case .purpose: purpose != nil
    case .expireBefore: expireBefore != nil
    case .expirationTime: expirationTime != nil
    }
  }

  /// Takes over a field that is text in both dialects; what is wrong with it, if something is.
  mutating func set(_ field: Field, _ range: ByteRange, in text: Span<UInt8>) -> StaticString? {
    let value = text[range]
    switch field {
    case .jid:
      guard value.count <= JID.bytesMax else { return "The jid is longer than 3071 bytes." }
      jid = range
    case .filename:
      guard !value.isEmpty, value.count <= FileName.askedBytesMax else {
        return "The filename must have 1 to 1024 bytes."
      }
      filename = range
    case .contentType:
      // An empty type is what some clients send for one that they do not know.
      guard !value.isEmpty else { return nil }
      guard MediaType.isValid(value) else {
        return "The content_type is no media type of at most 255 bytes, like image/jpeg."
      }
      contentType = range
    case .host:
      guard !value.isEmpty, value.count <= Self.hostBytesMax else {
        return "The host must have 1 to 1023 bytes."
      }
      host = range
    case .purpose:
      guard let known = Purpose(value) else {
        return "The purpose must be message, profile, ephemeral or permanent."
      }
      purpose = known
    case .expireBefore:
      guard let time = CivilTime(rfc3339: value), value[value.count - 1] == UInt8(ascii: "Z") else {
        return "The expire_before must be a UTC time like 2030-01-01T00:00:00Z."
      }
      expireBefore = time.unixSeconds
    case .size, .expirationTime:
      return setNumber(field, value)
    }
    return nil
  }

  /// Takes over a field that is a number: digits and nothing else in both dialects.
  mutating func setNumber(_ field: Field, _ digits: Span<UInt8>) -> StaticString? {
    let isNumber = !digits.isEmpty && digits.indices.allSatisfy { digits[$0].isDigit }
    let number = isNumber ? UInt64(decimal: digits) : nil
    if field == .size {
      guard isNumber, number != 0 else {
        return "The size must be a whole number of bytes, at least 1."
      }
      size = number.map { $0 <= UInt64(Int64.max) ? .bytes($0) : .astronomical } ?? .astronomical
      return nil
    }
    guard let number, number >= 1, number <= UInt64(Self.expirationTimeMax) else {
      return "The expiration_time must be a whole number of seconds from 1 to 604799."
    }
    expirationTime = Int(number)
    return nil
  }
}
