internal import Wire

/// The names of a request in lower case, by which services and permissions are looked up.
struct LoweredNames: ~Copyable {
  /// The bare JID, then the host.
  private var text = ByteBuffer(capacity: JID.bytesMax + SlotRequest.hostBytesMax)
  private var bareEnd = 0
  private var domainStart = 0

  /// Takes the names of a request, which are at these places of `texts`.
  mutating func set(_ jid: JID, host: ByteRange?, of texts: borrowing ByteBuffer) {
    text.clear()
    text.append(asciiLowercased: texts.bytes[jid.bare])
    bareEnd = text.count
    domainStart = bareEnd - jid.domain.count
    if let host { text.append(asciiLowercased: texts.bytes[host]) }
  }

  /// Takes the name of a service only.
  mutating func set(host: ByteRange, of texts: borrowing ByteBuffer) {
    text.clear()
    text.append(asciiLowercased: texts.bytes[host])
    bareEnd = 0
    domainStart = 0
  }

  /// The bare JID.
  var bare: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.bytes.extracting(first: bareEnd) }
  }

  /// The JID's domain.
  var domain: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.bytes.extracting(domainStart..<bareEnd) }
  }

  /// The service that is asked: the one that is named, or else the one for the JID's domain; and whether that domain is one of its own.
  func find(in services: UploadServices) -> (UploadService, isLocal: Bool)? {
    let host = text.bytes.extracting(droppingFirst: bareEnd)
    if host.isEmpty { return services.find(domain: domain).map { ($0, true) } }
    return services.find(host: host, domain: domain)
  }

  /// Whether the JID may upload.
  func mayUpload(_ access: UploadService.Access, isLocal: Bool) -> Bool {
    switch access {
    case .all: true
    case .local: isLocal
    case .listed(let list): list.contains(bare: bare, domain: domain)
    }
  }
}
