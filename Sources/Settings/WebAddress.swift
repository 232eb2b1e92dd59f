internal import Wire

/// The parts of an `http` or `https` URL that a setting may hold: no user, no query, no fragment.
///
/// It checks the shape only; how a bucket is addressed is decided where URLs are signed.
struct WebAddress: Equatable {
  var isSecure: Bool
  /// The host in lower case, an IPv6 address without its brackets.
  var host: String
  var port: UInt16?
  /// The path with its leading `/`, or nothing.
  var path: String

  /// Whether the host is this machine, where plain `http` is no risk.
  var isLoopback: Bool {
    if host == "localhost" || host.hasSuffix(".localhost") { return true }
    let literal = host.contains(":") ? "[\(host)]:0" : "\(host):0"
    return ListenAddress(literal)?.isLoopback ?? false
  }

  /// Reads a URL, or says what is wrong with it in words that never repeat it: it may hold a password.
  init(_ text: String) throws(Fault) {
    let schemes = [("https://", true), ("http://", false)]
    guard let (scheme, isSecure) = schemes.first(where: { text.lowercased().hasPrefix($0.0) })
    else { throw Fault("the URL must begin with https:// or http://") }
    self.isSecure = isSecure
    let rest = text.dropFirst(scheme.count)
    for scalar in rest.unicodeScalars where scalar.value <= 0x20 || scalar.value >= 0x7f {
      throw Fault("the URL holds a blank, a control character or a letter outside ASCII: encode it")
    }
    guard !rest.contains("?"), !rest.contains("#") else {
      throw Fault("the URL must end with its path: take the part from ? or # on away")
    }
    let authority = rest.prefix { $0 != "/" }
    guard !authority.contains("@") else {
      throw Fault("the URL must not hold a user or password: keys have their own settings")
    }
    path = String(rest[authority.endIndex...])
    let (host, port) = try Self.split(authority)
    (self.host, self.port) = (host.lowercased(), port)
  }

  private static func split(_ authority: Substring) throws(Fault) -> (Substring, UInt16?) {
    var host = authority
    var port: UInt16?
    let afterBracket = authority.lastIndex(of: "]") ?? authority.startIndex
    if let colon = authority[afterBracket...].lastIndex(of: ":") {
      port = ListenAddress.port(authority[authority.index(after: colon)...])
      guard let port, port > 0 else { throw Fault("the URL's port must be 1 to 65535") }
      host = authority[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard ListenAddress.ipv6(String(host)) != nil else {
        throw Fault("the URL holds no valid IPv6 address between [ and ]")
      }
    } else if !DomainName.isValid(String(host)) {
      throw Fault("the URL needs a host name of letters, digits, hyphens and dots")
    }
    return (host, port)
  }
}

/// Names of XMPP domains and of hosts.
enum DomainName {
  /// Whether `text` is labels of 1 to 63 bytes with dots between, 255 bytes in all; letters beyond ASCII may stand for
  /// themselves, as they do in a JID (RFC 7622 §3.2).
  static func isValid(_ text: String) -> Bool {
    guard (1...255).contains(text.utf8.count) else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      guard (1...63).contains(label.utf8.count) else { return false }
      guard !label.hasPrefix("-"), !label.hasSuffix("-") else { return false }
      return label.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: scalar.value >= 0x80 && scalar.properties.isAlphabetic
        }
      }
    }
  }
}
