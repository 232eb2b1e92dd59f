public import Wire

/// Where objects are: the scheme, the host and the path that all their URLs begin with, as `bucket_url` or `download_url` gives it.
///
/// ```
/// ✅ https://s3-eu-west-1.amazonaws.com/bucket/custom/prefix
/// ✅ http://[::1]:9000/bucket/
/// ❌ https://key:secret@minio.example.org/bucket        ❌ s3://bucket        ❌ https://host/bucket?region=x
/// ```
public struct Endpoint: Sendable, CustomStringConvertible {
  /// Whether the scheme is `https`.
  public let isSecure: Bool
  /// All of it: `scheme://authority/path/`.
  private let text: FrozenBytes
  private let authorityRange: Range<Int>

  /// Reads a URL, or throws why it cannot be an endpoint.
  public init(_ url: String) throws(EndpointError) {
    var rest = url[...]
    switch url.prefix(while: { $0 != ":" }).lowercased() {
    case "https" where url.dropFirst(5).hasPrefix("://"): isSecure = true
    case "http" where url.dropFirst(4).hasPrefix("://"): isSecure = false
    default: throw .scheme
    }
    rest = rest.dropFirst(isSecure ? 8 : 7)
    guard !rest.contains("#") else { throw .fragment }
    guard !rest.contains("?") else { throw .query }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let authority = try Self.authority(rest[..<slash], defaultPort: isSecure ? 443 : 80)
    let path = rest[slash...]
    try Self.check(path)

    // An escaped byte takes three, so this is enough for any path.
    var buffer = ByteBuffer(capacity: 9 + authority.utf8.count + path.utf8.count * 3)
    buffer.append(isSecure ? "https://" : "http://")
    authorityRange = buffer.count..<buffer.count + authority.utf8.count
    buffer.append(string: authority)
    // Escaped or not, and in whichever case: after this each byte is encoded exactly once.
    guard buffer.append(percentRecoded: String(path).utf8.span, keepingSlashes: true) else {
      throw .pathEscape
    }
    while buffer.count > authorityRange.upperBound,
      buffer.bytes[buffer.count - 1] == UInt8(ascii: "/")
    {
      buffer.truncate(to: buffer.count - 1)
    }
    buffer.append(UInt8(ascii: "/"))
    text = FrozenBytes(buffer)
  }

  /// What all objects' URLs begin with: `https://host:8443/bucket/prefix/`.
  public var base: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.bytes }
  }

  /// The host, with its port unless that is the scheme's own: what clients send as `Host`.
  public var authority: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.bytes.extracting(authorityRange) }
  }

  /// What all objects' paths begin with, percent-encoded once: `/bucket/prefix/`, at least `/`.
  public var path: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.bytes.extracting(authorityRange.upperBound...) }
  }

  /// The scheme and the authority: `https://host:8443`.
  var origin: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.bytes.extracting(..<authorityRange.upperBound) }
  }

  /// The same as ``base``.
  public var description: String { String(copying: text.bytes) }
}

// MARK: - Reading

extension Endpoint {
  /// The host in lower case, which is how browsers send it, and the port where it is not the scheme's own.
  private static func authority(
    _ text: Substring, defaultPort: UInt16
  ) throws(EndpointError) -> String {
    guard !text.contains("@") else { throw .userInformation }
    var host = text
    var port: Substring?
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else { throw .host }
      host = text[...close]
      let behind = text[text.index(after: close)...]
      guard behind.isEmpty || behind.hasPrefix(":") else { throw .host }
      port = behind.isEmpty ? nil : behind.dropFirst()
      let address = host.dropFirst().dropLast().utf8
      guard address.count(where: { $0 == UInt8(ascii: ":") }) >= 2,
        address.allSatisfy({
          $0.hexDigitValue != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
        })
      else { throw .host }
    } else {
      if let colon = text.firstIndex(of: ":") {
        host = text[..<colon]
        port = text[text.index(after: colon)...]
      }
      guard !host.isEmpty, host.utf8.allSatisfy({ $0.isUnreserved && $0 != UInt8(ascii: "~") })
      else { throw .host }
    }
    // A colon with nothing behind it is the default port too (RFC 3986 §3.2.3).
    guard let port, !port.isEmpty else { return host.lowercased() }
    guard port.utf8.allSatisfy(\.isDigit), let number = UInt16(port), number > 0 else {
      throw .port
    }
    return number == defaultPort ? host.lowercased() : "\(host.lowercased()):\(number)"
  }

  /// Refuses what clients would change on the way, so that the signature would not match.
  private static func check(_ path: Substring) throws(EndpointError) {
    guard path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw .control }
    for segment in path.split(separator: "/") {
      var plain = ByteBuffer(capacity: max(segment.utf8.count, 1))
      guard plain.append(percentDecoded: String(segment).utf8.span) else { throw .pathEscape }
      guard !plain.bytes.equals("."), !plain.bytes.equals("..") else { throw .dotSegment }
    }
  }
}

extension ByteBuffer {
  /// Appends the plain URL of the object `key` at `endpoint`: raw UTF-8, in which `/` separates; or, `encoded`, the same
  /// percent-encoded once.
  public mutating func append(
    objectURL key: Span<UInt8>, encoded: Bool = false, at endpoint: Endpoint
  ) {
    append(endpoint.base)
    append(key: key, encoded: encoded)
  }

  /// Appends a key as a path has it.
  mutating func append(key: Span<UInt8>, encoded: Bool) {
    if encoded { append(key) } else { append(percentEncoded: key, keepingSlashes: true) }
  }
}
