import Settings
import Wire

/// The page at `/` for people: one HTML document without scripts, references or secrets.
struct StatusPage {
  /// How it stands with a host's bucket.
  enum Standing: String {
    case good, bad, unknown
  }

  /// What is told of one upload service.
  struct Host {
    let name: String
    let limits: [(name: String, value: String)]
    let standing: Standing
    /// One sentence about its bucket.
    let sentence: String
    /// Where its credentials come from, and how old they are.
    let credentials: String
  }

  let version: String
  /// In seconds since the beginning of 1970.
  let startedAt: Int64
  let now: Int64
  let isStopping: Bool
  let hosts: [Host]
  let minutes: [History.Minute]

  /// Where scripts, images, frames and forms could be smuggled in, none is run or shown.
  static let securityPolicy: StaticString =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"

  /// The document, as UTF-8.
  var html: [UInt8] {
    let rows = hosts.map(Self.row).joined(separator: "\n")
    let page = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>slotd</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <h1>slotd <small>\(Self.escaped(version))</small></h1>
      <p>\(isStopping ? "Shutting down" : "Running") for \(Self.words(seconds: now - startedAt)), \
      since \(Self.time(startedAt)). This page is of \(Self.time(now)).</p>
      <h2>The last hour</h2>
      \(HourPicture(minutes: minutes).figures)
      <h2>Upload services</h2>
      <table>
      <thead><tr><th>Host</th><th>Bucket</th><th>Credentials</th><th>Limits</th></tr></thead>
      <tbody>
      \(rows)
      </tbody>
      </table>
      </body>
      </html>

      """
    return Array(page.utf8)
  }

  private static func row(_ host: Host) -> String {
    let limits = host.limits.map { "<dt>\(escaped($0.name))</dt><dd>\(escaped($0.value))</dd>" }
    return """
      <tr><th scope="row">\(escaped(host.name))</th>\
      <td class="\(host.standing.rawValue)">\(escaped(host.sentence))</td>\
      <td>\(escaped(host.credentials))</td>\
      <td><dl>\(limits.joined())</dl></td></tr>
      """
  }

  private static let style = """
    :root{color-scheme:light dark;--line:#8884;--good:#1a7f37;--bad:#cf222e;--dim:#8889}
    body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
    h1 small{font-weight:400;opacity:.6}
    table{border-collapse:collapse;width:100%}
    th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--line)}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:0 .8rem;margin:0}dt{opacity:.7}dd{margin:0}
    figure{margin:0 0 1rem}svg{width:100%;height:6rem;display:block;border-bottom:1px solid var(--line)}
    .good{color:var(--good)}.bad,.denied{color:var(--bad)}.unknown{opacity:.7}
    .granted{color:var(--good)}.median{color:var(--good)}.tail{color:var(--dim)}
    rect{fill:currentColor}polyline{fill:none;stroke:currentColor;stroke-width:1.5;vector-effect:non-scaling-stroke}
    """

  // MARK: - Words

  /// `text` as character data or the value of an attribute.
  static func escaped(_ text: String) -> String {
    var buffer = ByteBuffer(capacity: text.utf8.count * 6 + 1)
    buffer.append(xml: text.utf8.span)
    return String(copying: buffer.bytes)
  }

  static func time(_ unixSeconds: Int64) -> String {
    var buffer = ByteBuffer(capacity: 32)
    buffer.append(rfc3339: CivilTime(unixSeconds: unixSeconds))
    return String(copying: buffer.bytes)
  }

  /// A number of things; nil for none.
  static func words(_ count: Int, _ thing: String) -> String? {
    count == 0 ? nil : "\(count) \(thing)\(count == 1 ? "" : "s")"
  }

  /// A duration in its two largest units.
  static func words(seconds: Int64) -> String {
    var rest = max(seconds, 0)
    var parts: [String] = []
    for (name, length) in [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)] {
      let count = rest / Int64(length)
      rest %= Int64(length)
      if let part = words(Int(count), name) { parts.append(part) }
      if parts.count == 2 { break }
    }
    return parts.isEmpty ? "0 seconds" : parts.joined(separator: " ")
  }

  /// A number of bytes in the largest unit that leaves no fraction.
  static func words(bytes: Int) -> String {
    for (name, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
    where bytes >= size && bytes % size == 0 {
      return "\(bytes / size) \(name)"
    }
    return "\(bytes) bytes"
  }
}

extension StatusPage.Host {
  /// The service as it is configured. The bucket's sentence comes from whoever watches it.
  init(
    _ service: UploadService, standing: StatusPage.Standing, sentence: String, credentials: String
  ) {
    name = service.host.description
    self.standing = standing
    self.sentence = sentence
    self.credentials = credentials
    var limits: [(String, String)] = []
    switch service.maxFileSize {
    case .unlimited: limits.append(("Largest file", "no limit"))
    case .bytes(let bytes): limits.append(("Largest file", StatusPage.words(bytes: bytes)))
    }
    let seconds = Int64(service.expirationSeconds)
    limits.append(("Uploads must begin within", StatusPage.words(seconds: seconds)))
    switch service.access {
    case .local: limits.append(("For", "users of its own domain"))
    case .all: limits.append(("For", "everyone"))
    case .list(let domains, let jids):
      // Who they are is nobody's business here.
      let counts = [
        StatusPage.words(domains.count, "domain"), StatusPage.words(jids.count, "user"),
      ]
      limits.append(("For", counts.compactMap(\.self).joined(separator: " and ")))
    }
    if let types = service.contentTypes {
      limits.append(("Media types", types.joined(separator: ", ")))
    }
    self.limits = limits
  }
}
