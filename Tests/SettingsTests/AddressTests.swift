import Testing
import Wire

@testable import Settings

@Suite struct AddressTests {
  @Test(arguments: [
    ("127.0.0.1:5480", "127.0.0.1:5480", true, "IPv4 loopback"),
    ("127.255.255.254:0", "127.255.255.254:0", true, "all of 127/8, and any port"),
    ("localhost:80", "127.0.0.1:80", true, "the one name"),
    ("0.0.0.0:65535", "0.0.0.0:65535", false, "every address"),
    ("128.0.0.1:1", "128.0.0.1:1", false, "just beyond 127/8"),
    ("[::1]:80", "[::1]:80", true, "IPv6 loopback"),
    ("[0:0::1]:80", "[::1]:80", true, "the same, longer"),
    ("[::ffff:127.0.0.1]:80", "[::ffff:127.0.0.1]:80", true, "IPv4 loopback inside IPv6"),
    ("[::ffff:10.0.0.1]:80", "[::ffff:10.0.0.1]:80", false, "another one inside IPv6"),
    ("[2001:DB8::5]:80", "[2001:db8::5]:80", false, "IPv6"),
    ("unix:/run/slotd.sock", "unix:/run/slotd.sock", false, "a unix socket"),
  ]) func reads(_ text: String, _ printed: String, _ isLoopback: Bool, _ reason: String) {
    let address = ListenAddress(text)
    #expect(address?.description == printed, "\(reason)")
    #expect(address?.isLoopback == isLoopback, "\(reason)")
    #expect(address?.isLocal == (isLoopback || text.hasPrefix("unix:")), "\(reason)")
  }

  @Test(arguments: [
    ("", "nothing"), ("127.0.0.1", "no port"), (":80", "no host"), ("127.0.0.1:", "an empty port"),
    ("127.0.0.1:65536", "a port beyond 16 bits"), ("127.0.0.1:+1", "a sign"),
    ("127.0.0.1:000080", "too many digits"), ("127.1:80", "a short form"),
    ("::1:80", "no brackets"),
    ("[::1]", "no port"), ("[::1%lo]:80", "a zone"), ("example.org:80", "a name"),
    ("[]:80", "empty brackets"),
    ("256.0.0.1:80", "a byte beyond 8 bits"), ("unix:run/s", "a relative path"),
    ("unix:", "no path"),
    ("unix:/" + String(repeating: "x", count: 107), "a path beyond sun_path"),
    ("127.0.0.1:8\u{661}", "a digit of another script"),
  ]) func refuses(_ text: String, _ reason: String) {
    #expect(ListenAddress(text) == nil, "\(reason)")
  }

  @Test func theLongestUnixPathFits() {
    #expect(ListenAddress("unix:/" + String(repeating: "x", count: 106)) != nil)
  }

  @Test(arguments: [
    ("upload.@HOST@", "upload.", ".none"), ("@HOST@", "", ".none"),
    ("Files.@HOST@.Example", "files.", ".example"),
    ("upload.example.org", "upload.example.org", "-"), ("@HOST@.upload", "", ".upload"),
  ]) func patterns(_ text: String, _ prefix: String, _ suffix: String) throws {
    let pattern = try HostPattern(text)
    #expect(pattern.prefix == prefix)
    #expect(pattern.suffix == (suffix == "-" ? nil : suffix == ".none" ? "" : suffix))
    #expect(pattern.isPattern == text.contains("@HOST@"))
    #expect(pattern.description == text.lowercased().replacing("@host@", with: "@HOST@"))
  }

  @Test(
    arguments: [
      ("http://[::1]:80/a", false, "::1", 80, "/a", true),
      ("HTTPS://Bucket.Example.org", true, "bucket.example.org", nil, "", false),
      ("http://127.0.0.9/", false, "127.0.0.9", nil, "/", true),
      ("http://s3.localhost:9/b", false, "s3.localhost", 9, "/b", true),
      ("https://my_minio:9000/b%20c", true, "my_minio", 9000, "/b%20c", false),
    ] as [(String, Bool, String, UInt16?, String, Bool)])
  func webAddresses(
    _ row: (
      text: String, isSecure: Bool, host: String, port: UInt16?, path: String, isLoopback: Bool
    )
  ) throws {
    let address = try WebAddress(row.text)
    #expect(address.isSecure == row.isSecure)
    #expect(address.host == row.host)
    #expect(address.port == row.port)
    #expect(address.path == row.path)
    #expect(address.isLoopback == row.isLoopback)
  }

  @Test(arguments: [
    ("a", true), ("a.b-c.d_e", true), ("m\u{fc}nchen.example", true), ("", false), (".a", false),
    ("a.", false),
    ("a..b", false), ("-a", false), ("a-", false), ("a b", false), ("a@b", false), ("a/b", false),
    (String(repeating: "a", count: 63), true), (String(repeating: "a", count: 64), false),
    (String(repeating: "a.", count: 127) + "a", true),
    (String(repeating: "a.", count: 127) + "aa", false),
  ]) func domainNames(_ text: String, _ isValid: Bool) {
    #expect(DomainName.isValid(text) == isValid, "\(text)")
  }
}
