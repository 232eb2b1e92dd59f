import Glibc
import Reactor
import Settings
import Wire

/// Where slots are asked for at the moment, and where the embedded bucket is reached.
///
/// Sockets that the supervisor handed over stand in the place of the configuration's `listen`, and stay open whatever becomes of it.
struct Listeners {
  /// What is in the way of listening somewhere.
  struct Obstacle: Error {
    let sentence: String
  }

  /// What somebody who connects finds.
  enum Site {
    case slots, bucket

    /// How a sentence about one of its listeners begins.
    var prefix: String { self == .slots ? "" : "bucket " }
  }

  /// One address of the configuration, and what it was bound to: port 0 becomes a free one.
  struct Open {
    let site: Site
    let bound: ListenAddress
    fileprivate let wanted: ListenAddress
    fileprivate let server: Server
  }

  private let slots: Server
  private let bucket: Server?
  /// All of them.
  private(set) var open: [Open] = []
  private let isHandedOver: Bool

  /// Takes over the sockets that `supervisor` handed over; the embedded bucket has a server of its own, where there is one.
  init(
    slots: Server, bucket: Server?, _ supervisor: Supervisor, _ configuration: Configuration
  ) throws(Obstacle) {
    self.slots = slots
    self.bucket = bucket
    guard supervisor.socketCount <= Limits.listenersMax else {
      throw Obstacle(
        sentence:
          "the supervisor of slotd handed over \(supervisor.socketCount) sockets: let it hand over at most \(Limits.listenersMax)"
      )
    }
    do throws(SystemError) {
      for (descriptor, address) in try supervisor.sockets() {
        let socket = Descriptor(owning: descriptor)
        try slots.share(socket, as: address, service: 0)
        open.append(Open(site: .slots, bound: address, wanted: address, server: slots))
      }
    } catch {
      throw Obstacle(sentence: "slotd cannot take over the sockets of its supervisor: \(error)")
    }
    isHandedOver = !open.isEmpty
    try check(configuration)
  }

  /// A change that is half made: what is new listens, and what is to go still does.
  struct Change {
    /// What began to listen.
    fileprivate(set) var opened: [Open] = []
    /// What will not listen any more.
    fileprivate(set) var closed: [Open] = []
  }

  /// Listens where `configuration` wants it, too. Where that fails nothing has changed.
  func begin(_ configuration: Configuration) throws(Obstacle) -> Change {
    try check(configuration)
    var change = Change()
    let wanted = wanted(configuration)
    for (site, server, address) in wanted
    where !open.contains(where: { $0.site == site && $0.wanted == address }) {
      do throws(SystemError) {
        let bound = try server.listen(address, service: 0)
        change.opened.append(Open(site: site, bound: bound, wanted: address, server: server))
      } catch {
        abandon(change)
        throw Obstacle(
          sentence: "slotd cannot listen on \(address) (\(error.text)): \(Self.advice(on: error))")
      }
    }
    change.closed = open.filter { open in
      !wanted.contains { $0.site == open.site && $0.address == open.wanted }
    }
    return change
  }

  /// What to do about an address that cannot be had.
  private static func advice(on error: SystemError) -> String {
    switch error.number {
    case EADDRINUSE: "end the program that does, or name another port"
    case EADDRNOTAVAIL: "name an address that this machine has"
    case EACCES, EPERM:
      "name a port from 1024 on, or a socket in a directory that slotd may write to"
    case ENOENT: "make the directory of the socket, or name another"
    default: "name another address"
    }
  }

  private func wanted(
    _ configuration: Configuration
  ) -> [(site: Site, server: Server, address: ListenAddress)] {
    let handedOver = open.filter { isHandedOver && $0.site == .slots }.map(\.wanted)
    let addresses = isHandedOver ? handedOver : configuration.listen
    var wanted = addresses.map { (Site.slots, slots, $0) }
    if let bucket, let settings = configuration.embedded {
      wanted.append((.bucket, bucket, settings.listen))
    }
    return wanted
  }

  /// Takes back what ``begin(_:)`` did.
  func abandon(_ change: Change) {
    for open in change.opened { open.server.close(open.bound) }
  }

  /// Listens no more where the configuration of `change` does not want it.
  mutating func commit(_ change: Change) {
    for open in change.closed { open.server.close(open.bound) }
    open.removeAll { open in
      change.closed.contains { $0.site == open.site && $0.bound == open.bound }
    }
    open += change.opened
  }

  /// The rule of the configuration for its own addresses, for those that somebody else chose.
  private func check(_ configuration: Configuration) throws(Obstacle) {
    guard isHandedOver, configuration.tokens.isEmpty else { return }
    for open in open where open.site == .slots && !open.bound.isLocal {
      throw Obstacle(
        sentence:
          "\(open.bound) can be reached from other machines, and without a token anyone there could upload: "
          + "set tokens_file, or hand over a socket on 127.0.0.1, [::1] or a unix path")
    }
  }
}
