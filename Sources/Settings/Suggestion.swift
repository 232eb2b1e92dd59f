/// What a key that slotd does not know was probably meant to be.
enum Suggestion {
  /// The sentence for the unknown key `name` of a scope.
  static func sentence(for name: String, in scope: KeyEntry.Scope) -> String {
    if scope == .top, ["modules", "host_config", "general"].contains(name) {
      return "this is MongooseIM's own file: slotd import makes a configuration of it"
    }
    if scope == .host, let remedy = peers[name.hasPrefix("s3.") ? String(name.dropFirst(3)) : name]
    {
      return "slotd has no such key: \(remedy)"
    }
    let known = Keys.all.filter { $0.scope == scope }.map(\.name)
    if let other = Keys.all.first(where: { $0.scope != scope && $0.name == name }) {
      return other.scope == .top
        ? "this key belongs at the top of the file, above the first [section]"
        : #"this key belongs in a section such as [hosts."upload.@HOST@"]"#
    }
    // A key that lacks the table it belongs in: region for s3.region.
    if let longer = known.first(where: { $0.hasSuffix(".\(name)") }) {
      return "slotd has no such key: did you mean \(longer)?"
    }
    if let near = nearest(to: name, among: known) {
      return "slotd has no such key: did you mean \(near)?"
    }
    return "slotd has no such key: take it away"
  }

  /// Keys of other servers' modules, and what they are called here.
  private static let peers: [String: String] = [
    // mod_s3_upload
    "access_key_secret": "it is called s3.secret_access_key here",
    "max_size": "it is called max_file_size here",
    "put_ttl": "it is called expiration_time here",
    "set_public": "it is called s3.add_acl here",
    "hosts": "the host is the name of the section",
    // ejabberd's mod_http_upload
    "name": "it is called service_name here",
    "get_url": "it is called s3.download_url here",
    "put_url": "it is called s3.bucket_url here",
    "docroot": "files go to a bucket, or with backend = \"embedded\" to embedded.directory",
    "secret_length": "it is called token_bytes here",
    "jid_in_url": "it is called key_layout here",
    // what people write
    "timeout": "it is called expiration_time here",
    "endpoint": "the bucket's address is s3.bucket_url",
    "bucket": "the bucket's address is s3.bucket_url",
    "access_key": "it is called s3.access_key_id here",
    "secret_key": "it is called s3.secret_access_key here",
    "acl": "it is called s3.add_acl here",
  ]

  /// The candidate that the fewest changed letters make of `name`, where a third of them at most must change.
  static func nearest(to name: String, among candidates: [String]) -> String? {
    let best = candidates.map { (distance: distance(name, $0), name: $0) }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let best, best.distance <= max(1, name.count / 3) else { return nil }
    return best.name
  }

  /// Letters to insert, remove, change or swap with their neighbour to make `b` of `a`.
  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard a.count <= 255, b.count <= 255 else { return .max }
    var before: [Int] = []
    var above = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(row[j], above[j + 1]) + 1
        least = min(least, above[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, before[j - 1] + 1)
        }
        row.append(least)
      }
      (before, above) = (above, row)
    }
    return above[b.count]
  }
}
