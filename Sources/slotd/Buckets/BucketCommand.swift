import ArgumentParser
import ObjectStore
import Settings
import Signing
import Slots

/// `slotd bucket`: what has to be arranged at the bucket itself.
struct BucketCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bucket", abstract: "Arrange what the bucket needs.",
    subcommands: [BucketSetup.self])
}

/// `slotd bucket setup`: the policies and rules that the configuration needs.
struct BucketSetup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "setup",
    abstract: "Print or apply the policies and rules that the configuration needs.",
    discussion: """
      These are: the least policy for the access key, the public-read policy where files are read by their plain URL, CORS rules for web \
      clients, and lifecycle rules where retention is configured. Applying needs an access key that may change the bucket.
      """)

  /// What is done with the documents.
  enum Deed: String, EnumerableFlag {
    case print, apply
  }

  @OptionGroup var options: ConfigurationOptions
  @Flag(
    help: "Whether to write the documents, or to give the bucket those that S3's interface takes.")
  var deed: Deed
  @Option(help: "A web client, such as https://chat.example.org; may be given more than once.")
  var origin: [String] = []
  @Flag(help: "Replace rules that the bucket has already.") var replace = false

  func run() throws {
    let snapshot = try options.snapshot()
    let buckets = PlannedBucket.all(in: snapshot, origins: origin)
    if buckets.isEmpty { Terminal.say("The embedded bucket needs no setup.") }
    switch deed {
    case .print:
      for bucket in buckets { for document in bucket.plan.documents { show(document, bucket) } }
    case .apply:
      let transport = try Transport.started()
      var isDone = true
      for bucket in buckets {
        for document in bucket.plan.documents {
          isDone = apply(document, bucket, over: transport) && isDone
        }
      }
      if !isDone { throw Exit.failure }
    }
  }

  private func show(_ document: BucketDocument, _ bucket: PlannedBucket) {
    Terminal.say("# \(bucket.plan.bucket): \(document.title)\n\(document.text)\n")
  }

  /// Whether the bucket has the document now, or cannot be given it.
  private func apply(
    _ document: BucketDocument, _ bucket: PlannedBucket, over transport: Transport
  ) -> Bool {
    guard let setting = document.setting else {
      show(document, bucket)
      return true
    }
    let name = "\(bucket.plan.bucket): \(setting)"
    let client = bucket.client(over: transport)
    do throws(S3Failure) {
      let present = try client.current(setting, like: document)
      if let present, document.isSame(as: present) {
        Terminal.say("\(name) is as it should be.")
        return true
      }
      if let present {
        Terminal.say("# \(name), as it is:\n\(String(decoding: present, as: UTF8.self))\n")
      }
      show(document, bucket)
      guard present == nil || replace else {
        Terminal.complain(
          "\(name) is there already and says something else; merge the two by hand, or replace it with --replace."
        )
        return false
      }
      try client.set(setting, document.text, contentType: document.contentType)
      Terminal.say("\(name) is set.")
      return true
    } catch {
      let trouble = error.trouble(during: .put, of: bucket.view)
      let problem =
        ["NotImplemented", "malformed"].contains(trouble.code)
        ? "the server has no such setting" : "\(trouble.code): \(trouble.problem)"
      Terminal.complain(
        "\(name) cannot be set (\(problem)); arrange the same with the provider's own tools.")
      return false
    }
  }
}

/// A bucket of the configuration, and what all upload services that use it want of it.
struct PlannedBucket {
  var plan: BucketPlan
  let address: BucketAddress
  let view: BucketView
  private let presigner: Presigner

  func client(over transport: Transport) -> S3Client {
    S3Client(presigner.endpoint, as: presigner.identity, over: transport, caFile: view.caFile)
  }

  /// The buckets of a configuration, each once, but for the embedded one.
  static func all(in snapshot: Snapshot, origins: [String]) -> [PlannedBucket] {
    var all: [PlannedBucket] = []
    for (number, service) in snapshot.configuration.services.enumerated() {
      guard case .s3(let settings) = service.backend else { continue }
      let presigner = snapshot.services.all[number].presigner
      let address = BucketAddress(presigner.endpoint)
      let part = BucketPlan.Part(
        prefix: address.prefix,
        isPublic: service.get == .public && settings.downloadURL == nil && !settings.addACL,
        isSigned: service.get != .public, addsACL: settings.addACL,
        retentionDays: Dictionary(
          uniqueKeysWithValues: service.retentionDays.map { ("\($0.rawValue)/", $1) }))
      if let known = all.firstIndex(where: { $0.address.isSameBucket(as: address) }) {
        all[known].plan.parts.append(part)
      } else {
        all.append(
          PlannedBucket(
            plan: BucketPlan(bucket: address.bucket, parts: [part], origins: origins),
            address: address, view: BucketTarget.view(of: service, presigner),
            presigner: presigner))
      }
    }
    return all
  }
}
