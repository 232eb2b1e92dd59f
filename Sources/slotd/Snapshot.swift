import Meters
import Settings
import Signing
import Slots

/// A configuration made ready for the workers, with the credentials of the moment: immutable, and replaced as a whole.
///
/// Nobody should hold one for long who is no worker: it keeps credentials in memory that were replaced.
final class Snapshot: Sendable {
  /// What all snapshots have in common that differ in their credentials only.
  let loading: Loading
  let services: UploadServices
  /// The credentials that may change while the configuration holds.
  let keyring: Keyring

  var configuration: Configuration { loading.configuration }
  var tokens: Tokens { loading.tokens }
  var instruments: Instruments { loading.instruments }

  /// Makes a configuration ready, or says what is in the way; then `registry` lists what it did before.
  init(
    _ configuration: Configuration, _ keyring: Keyring, in registry: Registry
  ) throws(ConfigurationError) {
    self.keyring = keyring
    let credentials = keyring.credentials
    var entries: [UploadServices.Entry] = []
    // Made once for all services of a bucket: then a worker keeps one key, and finds what it signs with in its cache, however
    // many hosts there are.
    var buckets: [Settings.UploadService.Backend: Bucket] = [:]
    for (number, service) in configuration.services.enumerated() {
      let bucket =
        if let known = buckets[service.backend] {
          known
        } else {
          try Bucket(service, configuration, credentials[number], keyring.accessKey)
        }
      buckets[service.backend] = bucket
      entries.append(try Self.entry(number, service, bucket))
    }
    services = UploadServices(entries)
    loading = Loading(configuration, in: registry)
  }

  /// The same configuration with other credentials.
  init(_ other: Snapshot, with keyring: Keyring) {
    loading = other.loading
    self.keyring = keyring
    services = other.services.with(keyring.credentials)
  }

  private static func entry(
    _ number: Int, _ settings: Settings.UploadService, _ bucket: Bucket
  ) throws(ConfigurationError) -> UploadServices.Entry {
    var rules = Slots.UploadService.Rules(
      presigner: bucket.presigner, get: bucket.get(settings.get))
    rules.expirationTime = settings.expirationSeconds
    rules.tokenBytes = settings.tokenBytes
    if case .bytes(let bytes) = settings.maxFileSize { rules.maxFileSize = UInt64(bytes) }
    // A slot that the bucket would refuse is none.
    if let bytesMax = bucket.objectBytesMax {
      rules.maxFileSize = min(rules.maxFileSize ?? .max, bytesMax)
    }
    rules.access =
      switch settings.access {
      case .local: .local
      case .all: .all
      case .list(let domains, let jids): .listed(AccessList(domains + jids))
      }
    rules.serviceName = settings.serviceName
    rules.signContentType =
      switch settings.signContentType {
      case .never: .never
      case .whenGiven: .whenGiven
      case .always: .always
      }
    rules.mediaTypes = settings.contentTypes
    rules.purposes = Purpose.allCases.filter { purpose in
      settings.purposes.contains { $0.rawValue == purpose.name.description }
    }
    if case .user(let key) = settings.keyLayout { rules.keyLayout = .user(HMACKey(key.bytes)) }
    let domains: [String] =
      switch settings.domains {
      case .any: []
      case .listed(let domains): domains
      }
    return UploadServices.Entry(
      name: settings.host.description, domains: domains,
      service: Slots.UploadService(number: number, rules: rules))
  }
}

/// Where the files of upload services go: how URLs for it are signed, and what its GET URLs look like.
struct Bucket {
  let presigner: Presigner
  /// What plain GET URLs begin with, if not the bucket's own.
  private let downloads: Endpoint?
  /// Bytes that the bucket takes at most, where slotd knows that.
  let objectBytesMax: UInt64?

  /// The bucket of `service` and of all that have its backend; `credentials` are those of its ``Keyring``, if that has any.
  init(
    _ service: Settings.UploadService, _ configuration: Configuration,
    _ credentials: Credentials?, _ accessKey: AccessKey?
  ) throws(ConfigurationError) {
    switch service.backend {
    case .embedded:
      guard let settings = configuration.embedded else {
        throw ConfigurationError("a host has backend = \"embedded\": set embedded.directory")
      }
      let endpoint = try Self.endpoint(Embedded.bucketURL(settings), "embedded.public_url")
      // Before the first start there is no key. Then nothing can be signed, but the configuration can be looked at.
      presigner = Presigner(
        endpoint,
        as: accessKey?.identity ?? SigningIdentity(.none, region: Embedded.region))
      downloads = nil
      objectBytesMax = UInt64(clamping: settings.maxObjectSize)
    case .s3(let settings):
      let place = "hosts.\"\(service.host)\".s3"
      let endpoint = try Self.endpoint(settings.bucketURL, "\(place).bucket_url")
      var downloads: Endpoint?
      if let url = settings.downloadURL {
        downloads = try Self.endpoint(url, "\(place).download_url")
      }
      self.downloads = downloads
      // Without files among its parts, it cannot fail.
      let key = settings.credentials.flatMap { $0.files.isEmpty ? try? Credentials($0) : nil }
      let identity = SigningIdentity(credentials ?? key ?? .none, region: settings.region)
      presigner = Presigner(endpoint, as: identity, addsACL: settings.addACL)
      objectBytesMax = nil
    }
  }

  /// What GET URLs look like for a service with this mode.
  func get(_ mode: GetMode) -> Slots.UploadService.Get {
    switch mode {
    case .presigned(let seconds): .presigned(seconds: seconds)
    case .public: .plain(downloads ?? presigner.endpoint)
    }
  }

  private static func endpoint(_ url: String, _ key: String) throws(ConfigurationError) -> Endpoint
  {
    do throws(EndpointError) {
      return try Endpoint(url)
    } catch {
      throw ConfigurationError("\(key): \(error)")
    }
  }
}

/// Something about a configuration that only shows when it is put together.
struct ConfigurationError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
