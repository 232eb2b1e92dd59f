import Signing
import TestSupport
import Testing
import Wire

struct EndpointTests {
  @Test(arguments: [
    ("https://minio.example.org/b", "minio.example.org", "/b/", "the plain case"),
    ("https://minio.example.org:443/b", "minio.example.org", "/b/", "the scheme's own port"),
    ("http://localhost:80/b", "localhost", "/b/", "the scheme's own port"),
    ("http://localhost:443/b", "localhost:443", "/b/", "the other scheme's port"),
    ("https://minio.example.org:8443/b", "minio.example.org:8443", "/b/", "a port"),
    ("https://minio.example.org:08443/b", "minio.example.org:8443", "/b/", "a zero before it"),
    ("https://minio.example.org:/b", "minio.example.org", "/b/", "a colon without a port"),
    ("http://[::1]:9000/b", "[::1]:9000", "/b/", "IPv6 with a port"),
    ("http://[2001:DB8::1]/b", "[2001:db8::1]", "/b/", "IPv6 in capitals"),
    ("http://127.0.0.1:9000", "127.0.0.1:9000", "/", "IPv4, no path"),
    ("https://b.s3.amazonaws.com/", "b.s3.amazonaws.com", "/", "a virtual host"),
    ("HTTPS://B.S3.Amazonaws.com/A", "b.s3.amazonaws.com", "/A/", "hosts have no case, paths do"),
    ("https://h/b/c/d///", "h", "/b/c/d/", "slashes at the end"),
    ("https://h/b//c", "h", "/b//c/", "a double slash is a key of its own"),
    ("https://h/my bucket/très", "h", "/my%20bucket/tr%C3%A8s/", "not encoded yet"),
    ("https://h/my%20bucket/tr%c3%a8s", "h", "/my%20bucket/tr%C3%A8s/", "encoded already"),
    ("https://h/100%25/a+b", "h", "/100%25/a%2Bb/", "once, not twice"),
    ("https://h/...", "h", "/.../", "three dots are a name"),
  ])
  func read(_ url: String, _ authority: String, _ path: String, _ reason: String) throws {
    let endpoint = try Endpoint(url)
    #expect(endpoint.authority.text == authority, "\(reason)")
    #expect(endpoint.path.text == path, "\(reason)")
    #expect(endpoint.isSecure == url.lowercased().hasPrefix("https"))
    let base = (endpoint.isSecure ? "https://" : "http://") + authority + path
    #expect(endpoint.base.text == base)
    #expect("\(endpoint)" == base)
    // What was read is written so that it reads the same again.
    let again = try Endpoint(base)
    #expect(again.base.text == base)
  }

  @Test(
    arguments: [
      ("", .scheme, "nothing"),
      ("minio.example.org/b", .scheme, "no scheme"),
      ("s3://bucket", .scheme, "another scheme"),
      ("https:/minio.example.org", .scheme, "one slash"),
      ("httpss://minio.example.org", .scheme, "another scheme"),
      ("https://key:secret@minio.example.org/b", .userInformation, "a password"),
      ("https:///b", .host, "no host"),
      ("https://:9000/b", .host, "no host"),
      ("https://müller.example/b", .host, "not in ASCII"),
      ("https://my host/b", .host, "a space"),
      ("https://h%20/b", .host, "an escape"),
      ("https://[::1/b", .host, "no bracket at the end"),
      ("https://[1]/b", .host, "no IPv6 address"),
      ("https://[fe80::1%25eth0]/b", .host, "a zone"),
      ("https://[::1]9000/b", .host, "no colon before the port"),
      ("https://::1/b", .host, "no brackets"),
      ("https://h:0/b", .port, "port 0"),
      ("https://h:65536/b", .port, "too high"),
      ("https://h:+80/b", .port, "a sign"),
      ("https://h:80:80/b", .port, "two ports"),
      ("https://h/b?region=x", .query, "a query"),
      ("https://h?", .query, "an empty query"),
      ("https://h/b#x", .fragment, "a fragment"),
      ("https://h/b\n", .control, "a line end"),
      ("https://h/100%", .pathEscape, "no digits behind the percent sign"),
      ("https://h/%zz", .pathEscape, "no hexadecimal digits"),
      ("https://h/a/../b", .dotSegment, "dots"),
      ("https://h/a/%2E/b", .dotSegment, "a dot that is escaped"),
    ] as [(String, EndpointError, String)])
  func refused(_ url: String, _ expected: EndpointError, _ reason: String) {
    #expect(throws: expected, "\(reason)") { try Endpoint(url) }
    #expect(!expected.description.isEmpty)
  }
}
