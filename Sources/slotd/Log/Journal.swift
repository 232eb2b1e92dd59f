import Settings
import Signing
import Slots
import Wire

/// One worker's part of the log: a line for each slot that was asked for, written without an allocation and without waiting.
///
/// Nothing in it tells who or what: a user is a hash under a key that the log does not hold, and URLs and names of files never
/// come here.
struct Journal: ~Copyable {
  private let output: LogOutput
  private let ring: LogRing
  private var line = LogLine(capacity: 4_096)
  private var hosts: [[UInt8]] = []
  private var key: HMACKey
  private let pinned = Pinned()

  /// Bytes of a user's hash: enough to tell a service's users apart, too few to be of use elsewhere.
  private static let userBytes = 6
  private static let debug = LogLevel.debug.severity
  private static let info = LogLevel.info.severity

  init(_ shared: Shared, _ snapshot: Snapshot) {
    output = shared.log
    ring = shared.log.ring()
    key = shared.userKey
    adopt(snapshot, shared)
  }

  /// Uses the names of another configuration from now on.
  mutating func adopt(_ snapshot: Snapshot, _ shared: Shared) {
    key = snapshot.configuration.logUserKey.map { HMACKey($0.bytes) } ?? shared.userKey
    // In memory of its own: the names of the configuration have one count of references for all workers.
    hosts = snapshot.configuration.services.map { Array($0.host.description.utf8) }
  }

  /// Writes that a slot was granted.
  mutating func granted(
    _ grant: Grantor.Grant, nanoseconds: UInt64, by grantor: borrowing Grantor, as id: RequestID,
    at now: Int64
  ) {
    guard output.shows(Self.info) else { return }
    begin("info", "slot granted", at: now)
    field("host", of: grant.service.number)
    line.field("size", grant.size)
    line.field("duration_us", (nanoseconds + 500) / 1_000)
    user(grantor)
    end(id)
  }

  /// Writes that one was denied.
  mutating func denied(
    _ outcome: Outcome, by grantor: borrowing Grantor, as id: RequestID, at now: Int64
  ) {
    guard output.shows(Self.info) else { return }
    begin("info", "slot denied", at: now)
    line.field("outcome", outcome.name.bytes)
    if let number = grantor.serviceNumber { field("host", of: number) }
    user(grantor)
    end(id)
  }

  /// Writes that a request was answered, whatever it was: where every request is to be seen.
  mutating func answered(_ route: Route?, _ status: Status, as id: RequestID, at now: Int64) {
    guard output.shows(Self.debug) else { return }
    begin("debug", "request answered", at: now)
    line.field("route", (route?.name ?? "").bytes)
    line.field("status", UInt64(status.code))
    end(id)
  }

  private mutating func begin(_ level: StaticString, _ message: StaticString, at now: Int64) {
    line.begin(level.bytes, message.bytes, at: now, output.format)
  }

  private mutating func field(_ name: StaticString, of host: Int) {
    Self.append(name, hosts[host], to: &line)
  }

  private static func append(_ name: StaticString, _ value: [UInt8], to line: inout LogLine) {
    line.field(name, value.span)
  }

  private mutating func user(_ grantor: borrowing Grantor) {
    guard let digest = grantor.user(under: key) else { return }
    line.field("user", hex: digest.span.extracting(first: Self.userBytes))
  }

  private mutating func end(_ id: RequestID) {
    line.field("request", id.bytes)
    line.end()
    output.write(line.bytes, to: ring)
  }
}
