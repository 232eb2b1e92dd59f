import Testing
import Wire

@testable import Settings

/// The example that the outside is promised.
let contractExample = """
  listen = ["127.0.0.1:5480"]         # host:port, [v6]:port, or unix:/run/slotd/slotd.sock
  workers = "auto"                    # event loops; auto = one per core
  tokens_file = "/run/secrets/slotd"  # bearer tokens, one a line; none is fine on loopback and unix sockets only

  [hosts."upload.@HOST@"]             # an upload service; @HOST@ stands for any domain
  expiration_time = 60                # seconds a PUT URL lives
  token_bytes = 32                    # at least 16
  max_file_size = 104857600           # bytes; absent or "infinity" = no limit
  access = "local"                    # local | all | a list of domains and JIDs
  service_name = "HTTP File Upload"
  sign_content_type = "never"         # never | when_given | always
  s3.bucket_url = "https://s3-eu-west-1.amazonaws.com/mybucket/custom/prefix"
  s3.region = "eu-west-1"
  s3.access_key_id = "AKIAIOSFODNN7EXAMPLE"
  s3.secret_access_key_file = "/run/secrets/s3"
  s3.add_acl = false
  s3.download_url = "https://cdn.example.org/"
  """

@Test func contractExampleLoads() throws {
  let loaded = Configuration.load(
    text: contractExample, named: "slotd.toml",
    files: memory([
      "/run/secrets/slotd": "0123456789abcdef\n\nfedcba9876543210\n",
      "/run/secrets/s3": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
    ]))
  let configuration = try loaded.result.get()
  #expect(loaded.notes == [])
  #expect(
    configuration
      == Configuration(
        listen: [.ipv4(0x7f00_0001, port: 5480)], workers: .auto,
        tokens: [Secret("0123456789abcdef"), Secret("fedcba9876543210")], connectionsMax: 20000,
        headTimeoutSeconds: 10, bodyTimeoutSeconds: 30, idleTimeoutSeconds: 180,
        writeTimeoutSeconds: 30, shutdownTimeoutSeconds: 30, shutdownDelaySeconds: 0,
        pidFile: nil, coreDumps: false, logFormat: .human, logLevel: .info, logUserKey: nil,
        statusPage: true, probeIntervalSeconds: 60, probeFailures: 3, refuseWhenBucketDown: false,
        embedded: nil,
        services: [
          UploadService(
            host: try HostPattern("upload.@HOST@"), domains: .any,
            backend: .s3(
              BucketSettings(
                bucketURL: "https://s3-eu-west-1.amazonaws.com/mybucket/custom/prefix",
                region: "eu-west-1",
                credentials: StaticCredentials(
                  accessKeyID: .value(Secret("AKIAIOSFODNN7EXAMPLE")),
                  secretAccessKey: .file("/run/secrets/s3"), sessionToken: nil),
                asksInstance: false, addACL: false, downloadURL: "https://cdn.example.org/",
                caFile: nil)), expirationSeconds: 60, tokenBytes: 32,
            maxFileSize: .bytes(104_857_600), access: .local, serviceName: "HTTP File Upload",
            signContentType: .never, contentTypes: nil, purposes: Set(FilePurpose.allCases),
            keyLayout: .token, get: .public, retentionDays: [:])
        ]))
}
