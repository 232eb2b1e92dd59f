public import Signing
internal import Wire

/// All upload services of a configuration, found by the host that was asked, or by the domain of who asks.
///
/// Finding one costs the same for one host and for ten thousand: names are looked up in tables, and only the few different
/// shapes of patterns with `@HOST@` are tried one after the other.
public struct UploadServices: Sendable {
  /// A service's name, and the domains that it is for when a request names no host.
  public struct Entry: Sendable {
    /// The host of the service; `@HOST@` in it stands for any domain.
    public var name: String
    /// The XMPP domains that it is for; not used where the name has `@HOST@`.
    public var domains: [String]
    /// The service.
    public var service: UploadService

    /// An entry.
    public init(name: String, domains: [String], service: UploadService) {
      self.name = name
      self.domains = domains
      self.service = service
    }
  }

  /// `before@HOST@after`
  private struct Pattern: Sendable {
    var before: [UInt8]
    var after: [UInt8]
    var service: Int
  }

  /// All services, by number.
  public private(set) var all: [UploadService]
  /// Names and domains of ``all``, for reports.
  public private(set) var entries: [Entry]
  private let byHost: ByteTable
  private let byDomain: ByteTable
  private let patterns: [Pattern]

  /// How many presigners they have: the same one where they share a bucket.
  var presignerCount: Int { Set(all.map(\.presigner.id)).count }

  /// The services of these entries; where two have the same name or domain, the first counts.
  public init(_ entries: [Entry]) {
    var hosts: [(key: [UInt8], value: Int)] = []
    var domains: [(key: [UInt8], value: Int)] = []
    var patterns: [Pattern] = []
    for (number, entry) in entries.enumerated() {
      let name = Array(entry.name.utf8.map(\.asciiLowercased))
      if let mark = Self.mark(in: entry.name.utf8.span) {
        patterns.append(
          Pattern(
            before: Array(name[..<mark]), after: Array(name[(mark + Self.placeholder.count)...]),
            service: number))
      } else {
        hosts.append((name, number))
        for domain in entry.domains {
          domains.append((Array(domain.utf8.map(\.asciiLowercased)), number))
        }
      }
    }
    all = entries.map(\.service)
    self.entries = entries
    byHost = ByteTable(hosts)
    byDomain = ByteTable(domains)
    self.patterns = patterns
  }

  /// The same services, of which those that `credentials` has some for, by their number, sign with these.
  public func with(_ credentials: [Int: Credentials]) -> UploadServices {
    var renewed = self
    // Services with one presigner have the same credentials, and go on to have one presigner.
    var presigners: [ObjectIdentifier: Presigner] = [:]
    for (number, credentials) in credentials {
      let old = all[number].presigner
      let presigner = presigners[old.id] ?? old.with(credentials)
      presigners[old.id] = presigner
      let service = UploadService(all[number], with: presigner)
      renewed.all[number] = service
      renewed.entries[number].service = service
    }
    return renewed
  }

  private static var placeholder: Span<UInt8> {
    @_lifetime(immortal)
    get { ("@HOST@" as StaticString).bytes }
  }

  /// Where `@HOST@` stands in a name, or nil.
  private static func mark(in name: Span<UInt8>) -> Int? {
    var at = 0
    while at + placeholder.count <= name.count {
      if name.extracting(at..<at + placeholder.count).equals(placeholder) { return at }
      at += 1
    }
    return nil
  }

  /// The service that `host` names, in lower case, and whether `domain` is one of those it is for.
  func find(host: Span<UInt8>, domain: Span<UInt8>) -> (UploadService, isLocal: Bool)? {
    if let number = byHost[host] {
      return (all[number], byDomain[domain] == number || host.equals(domain))
    }
    for pattern in patterns {
      let count = host.count - pattern.before.count - pattern.after.count
      guard count > 0 else { continue }
      let end = pattern.before.count + count
      guard host.extracting(first: pattern.before.count).equals(pattern.before.span),
        host.extracting(droppingFirst: end).equals(pattern.after.span)
      else { continue }
      let stands = host.extracting(pattern.before.count..<end)
      return (all[pattern.service], stands.equals(domain))
    }
    return nil
  }

  /// The service for `domain`, in lower case.
  func find(domain: Span<UInt8>) -> UploadService? {
    if let number = byDomain[domain] ?? byHost[domain] { return all[number] }
    return patterns.first.map { all[$0.service] }
  }
}
