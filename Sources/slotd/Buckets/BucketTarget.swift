import ObjectStore
import Settings
import Signing
import Slots

/// A bucket of the configuration, and the upload services whose files go there.
struct BucketTarget: Sendable {
  /// The services' names, as the configuration has them.
  private(set) var hosts: [String]
  /// The number of the first of them: its slots are what is tried.
  let number: Int
  /// A host that a request for it names.
  let host: String
  /// What the configuration says of it.
  let settings: Settings.UploadService
  /// The bucket, for messages.
  let view: BucketView

  /// The buckets of a configuration, each once: services that share one and how it is read share a target.
  static func all(in snapshot: Snapshot) -> [BucketTarget] {
    var targets: [BucketTarget] = []
    for (number, settings) in snapshot.configuration.services.enumerated() {
      let name = settings.host.description
      if let known = targets.firstIndex(where: { $0.isSame(as: settings) }) {
        targets[known].hosts.append(name)
      } else {
        targets.append(BucketTarget(snapshot, number, settings))
      }
    }
    return targets
  }

  /// The bucket of the service that `host` names, as a request would; nil where there is none.
  static func named(_ host: String, in snapshot: Snapshot) -> BucketTarget? {
    let all = snapshot.configuration.services
    if let number = all.firstIndex(where: { $0.host.description == host }) {
      return BucketTarget(snapshot, number, all[number])
    }
    var grantor = Grantor(snapshot.services)
    var request = SlotRequest()
    guard grantor.take("host", host, into: &request) == nil,
      case .found(let service) = grantor.service(named: request.host)
    else { return nil }
    return BucketTarget(snapshot, service.number, all[service.number], asked: host)
  }

  private init(
    _ snapshot: Snapshot, _ number: Int, _ settings: Settings.UploadService, asked: String? = nil
  ) {
    let name = settings.host.description
    hosts = [name]
    self.number = number
    // Any domain will do in the place of @HOST@: what is asked for is an operator's slot.
    host = asked ?? settings.host.filled(with: "slotd.invalid")
    self.settings = settings
    view = Self.view(of: settings, snapshot.services.all[number].presigner)
  }

  /// The bucket of an upload service, for messages.
  static func view(of service: Settings.UploadService, _ presigner: Presigner) -> BucketView {
    var view = BucketView(
      // Without the slash at its end.
      url: String(presigner.endpoint.description.dropLast()), region: presigner.identity.region,
      accessKey: presigner.identity.credentials.description, addsACL: false, reading: .bucket,
      caFile: nil)
    switch service.backend {
    case .embedded: view.isEmbedded = true
    case .s3(let bucket):
      view.caFile = bucket.caFile
      view.addsACL = bucket.addACL
      if bucket.downloadURL != nil { view.reading = .elsewhere }
    }
    if case .presigned = service.get { view.reading = .signed }
    return view
  }

  /// Whether what a probe finds out holds for another service, too.
  func isSame(as other: Settings.UploadService) -> Bool {
    settings.backend == other.backend && settings.get == other.get
  }
}

extension HostPattern {
  /// The name with `domain` in the place of `@HOST@`.
  fileprivate func filled(with domain: String) -> String {
    prefix + (suffix.map { domain + $0 } ?? "")
  }
}
