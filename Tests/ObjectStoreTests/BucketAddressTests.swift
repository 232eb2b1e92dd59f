import Signing
import Testing

@testable import ObjectStore

struct BucketAddressTests {
  struct Row: Sendable {
    let url: String
    let style: BucketAddress.Style
    let bucket: String
    let prefix: String
    let other: String?
    let reason: String
  }

  @Test(arguments: [
    Row(
      url: "https://s3-eu-west-1.amazonaws.com/mybucket/custom/prefix", style: .path,
      bucket: "mybucket", prefix: "custom/prefix/",
      other: "https://mybucket.s3-eu-west-1.amazonaws.com/custom/prefix",
      reason: "MongooseIM's own example"),
    Row(
      url: "https://mybucket.s3.eu-west-1.amazonaws.com/pre%20fix/", style: .virtualHost,
      bucket: "mybucket", prefix: "pre fix/",
      other: "https://s3.eu-west-1.amazonaws.com/mybucket/pre%20fix", reason: "AWS, in the host"),
    Row(
      url: "https://my.dotted.bucket.s3.eu-west-1.amazonaws.com", style: .virtualHost,
      bucket: "my.dotted.bucket", prefix: "",
      other: "https://s3.eu-west-1.amazonaws.com/my.dotted.bucket", reason: "a name with dots"),
    Row(
      url: "http://127.0.0.1:9000/uploads", style: .path, bucket: "uploads", prefix: "",
      other: nil, reason: "an address has no names below it"),
    Row(
      url: "http://[::1]:9000/uploads", style: .path, bucket: "uploads", prefix: "", other: nil,
      reason: "nor has this one"),
    Row(
      url: "https://minio.example.org/up.loads/x", style: .path, bucket: "up.loads", prefix: "x/",
      other: nil, reason: "a name with a dot is in nobody's certificate"),
    Row(
      url: "https://files.example.org", style: .virtualHost, bucket: "files", prefix: "",
      other: "https://example.org/files", reason: "without a path the bucket is in the host"),
  ])
  func `the bucket is found in its URL`(_ row: Row) throws {
    let address = BucketAddress(try Endpoint(row.url))
    #expect(address.style == row.style, "\(row.reason)")
    #expect(address.bucket == row.bucket)
    #expect(address.prefix == row.prefix)
    let other: BucketAddress.Style = row.style == .path ? .virtualHost : .path
    #expect(address.url(in: other) == row.other)
  }
}
