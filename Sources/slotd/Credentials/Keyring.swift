import ObjectStore
import Reactor
import Settings
import Signing
import Wire

/// The credentials of a configuration's buckets that can change while it holds. A key that stands in the configuration itself is not
/// among them. A value: one thread keeps it fresh, and every ``Snapshot`` has the one that it was made with.
struct Keyring: Sendable {
  /// Credentials, and the upload services that sign with them.
  struct Entry: Sendable {
    /// What is known of them.
    var keeper: CredentialKeeper
    /// The numbers of the services.
    fileprivate(set) var services: [Int]
    /// The names of the services.
    fileprivate(set) var hosts: [String]
    fileprivate let origin: Origin
  }

  /// What two services must have in common to sign with the same credentials.
  fileprivate struct Origin: Hashable {
    let key: StaticCredentials?
    let region: String
    let asksInstance: Bool
  }

  /// All of them.
  var entries: [Entry] = []
  /// The key of the embedded bucket, where there is one and it has been started once.
  var accessKey: AccessKey?

  /// None.
  init() {}

  /// What `configuration` needs; what `old` knows of it stays known. Throws where a service has no source of credentials.
  init(
    _ configuration: Configuration, environment: [String: String], continuing old: Keyring? = nil
  ) throws(ConfigurationError) {
    accessKey = old?.accessKey
    if accessKey == nil { accessKey = try Self.accessKey(configuration) }
    let surroundings = Surroundings(environment: environment)
    let known = Dictionary(
      (old?.entries ?? []).map { ($0.origin, $0.keeper) }, uniquingKeysWith: { first, _ in first })
    var places: [Origin: Int] = [:]
    for (number, service) in configuration.services.enumerated() {
      guard case .s3(let bucket) = service.backend,
        let origin = Origin(bucket)
      else { continue }
      if let place = places[origin] {
        entries[place].services.append(number)
        entries[place].hosts.append(service.host.description)
        continue
      }
      let chain = CredentialChain(
        configured: bucket.credentials.map(CredentialChain.Configured.init),
        region: bucket.region, asksInstance: bucket.asksInstance, in: surroundings)
      guard chain.isSetUp else {
        throw ConfigurationError("hosts.\"\(service.host)\".s3: \(CredentialChain.nothing)")
      }
      places[origin] = entries.count
      entries.append(
        Entry(
          keeper: known[origin] ?? CredentialKeeper(chain), services: [number],
          hosts: [service.host.description], origin: origin))
    }
  }

  /// The embedded bucket may be in use by a slotd that serves it, so only its key is read.
  private static func accessKey(
    _ configuration: Configuration
  ) throws(ConfigurationError) -> AccessKey? {
    guard let bucket = configuration.embedded else { return nil }
    return try AccessKey(keptIn: bucket.directory)
  }

  /// By the number of the service, the credentials that there are.
  var credentials: [Int: Credentials] {
    var all: [Int: Credentials] = [:]
    for entry in entries {
      guard let credentials = entry.keeper.credentials else { continue }
      for service in entry.services { all[service] = credentials }
    }
    return all
  }

  /// Reads what is in reach without asking another machine.
  mutating func readLocal(at now: Int64 = Clock().unixSeconds) {
    for place in entries.indices { entries[place].keeper.refresh(over: nil, at: now) }
  }

  /// Asks other machines for what is not there yet, and complains of what cannot be had.
  mutating func ask() {
    let now = Clock().unixSeconds
    let missing = entries.indices.filter { entries[$0].keeper.credentials == nil }
    if missing.isEmpty { return }
    do throws(SystemError) {
      let transport = try Transport(startingBy: Thread.start)
      for place in missing { entries[place].keeper.refresh(over: transport, at: now) }
    } catch {
      return Terminal.complain("slotd cannot start a thread that asks for credentials: \(error).")
    }
    for trouble in troubles(at: now) { Terminal.complain(trouble) }
  }

  /// One sentence for each of them that no URL can be signed with at `now`.
  func troubles(at now: Int64) -> [String] {
    entries.compactMap { entry in
      guard !entry.keeper.isUsable(at: now) else { return nil }
      let reason =
        entry.keeper.failure?.description ?? "there are no credentials yet; wait for the source"
      return "\(entry.name): \(reason)"
    }
  }
}

extension Keyring.Entry {
  /// The names of the services, for sentences.
  var name: String {
    hosts.count <= 3
      ? hosts.joined(separator: ", ") : "\(hosts[0]) and \(hosts.count - 1) other services"
  }
}

extension Keyring.Origin {
  /// Nil where the whole key stands in the configuration.
  fileprivate init?(_ bucket: BucketSettings) {
    key = bucket.credentials
    region = bucket.region
    asksInstance = bucket.asksInstance
    if let key, key.files.isEmpty { return nil }
  }
}

extension Surroundings {
  /// The process's own.
  init(environment: [String: String]) {
    self.init(environment: environment) { path throws(FileFailure) in
      do throws(FileReader.Failure) {
        return try FileReader.system.read(path)
      } catch {
        throw FileFailure(error.reason)
      }
    }
  }
}

extension CredentialChain.Configured {
  /// A key whose parts stand in files.
  init(_ key: StaticCredentials) {
    self.init(files: key.files) { () throws(CredentialFailure) in
      do throws(FileReader.Failure) {
        return try Credentials(key)
      } catch {
        throw CredentialFailure(error.reason, "correct the file, which the configuration names")
      }
    }
  }
}

extension Credentials {
  /// The key of a configuration, as it is now.
  init(_ key: StaticCredentials) throws(FileReader.Failure) {
    let id = try key.accessKeyID.read()
    let secret = try key.secretAccessKey.read()
    let token = try key.sessionToken?.read() ?? Secret("")
    self.init(
      accessKeyID: String(copying: id.bytes), secretAccessKey: secret.bytes,
      sessionToken: token.bytes)
  }
}
