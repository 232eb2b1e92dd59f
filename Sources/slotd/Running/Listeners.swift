import Reactor
import Settings
import Wire

/// Where slots are asked for at the moment.
///
/// Sockets that the supervisor handed over stand in the place of the configuration's `listen`, and stay open whatever becomes of it.
struct Listeners {
  /// What is in the way of listening somewhere.
  struct Obstacle: Error {
    let sentence: String
  }

  private let server: Server
  /// One address of the configuration, and what it was bound to: port 0 becomes a free one.
  fileprivate typealias Open = (wanted: ListenAddress, bound: ListenAddress)
  private var open: [Open] = []
  private let isHandedOver: Bool

  /// Takes over the sockets that `supervisor` handed over; returns where they listen, too.
  init(
    _ server: Server, _ supervisor: Supervisor, _ configuration: Configuration
  ) throws(Obstacle) {
    self.server = server
    let sockets: [(descriptor: Int32, address: ListenAddress)]
    do throws(SystemError) {
      sockets = try supervisor.sockets()
      for (descriptor, address) in sockets {
        let socket = Descriptor(owning: descriptor)
        try server.share(socket, as: address, service: 0)
        open.append((address, address))
      }
    } catch {
      throw Obstacle(sentence: "slotd cannot take over the sockets of its supervisor: \(error)")
    }
    isHandedOver = !sockets.isEmpty
    try check(configuration)
  }

  /// All addresses, as they are bound.
  var addresses: [ListenAddress] { open.map(\.bound) }

  /// A change that is half made: what is new listens, and what is to go still does.
  struct Change {
    fileprivate var added: [Open] = []
    fileprivate var removed: [Open] = []

    /// What began to listen.
    var opened: [ListenAddress] { added.map(\.bound) }
    /// What will not listen any more.
    var closed: [ListenAddress] { removed.map(\.bound) }
  }

  /// Listens where `configuration` wants it, too. Where that fails nothing has changed.
  func begin(_ configuration: Configuration) throws(Obstacle) -> Change {
    try check(configuration)
    var change = Change()
    guard !isHandedOver else { return change }
    for address in configuration.listen where !open.contains(where: { $0.wanted == address }) {
      do throws(SystemError) {
        change.added.append((address, try server.listen(address, service: 0)))
      } catch {
        abandon(change)
        throw Obstacle(sentence: "slotd cannot listen on \(address): \(error.text)")
      }
    }
    change.removed = open.filter { !configuration.listen.contains($0.wanted) }
    return change
  }

  /// Takes back what ``begin(_:)`` did.
  func abandon(_ change: Change) {
    for (_, bound) in change.added { server.close(bound) }
  }

  /// Listens no more where the configuration of `change` does not want it.
  mutating func commit(_ change: Change) {
    for (_, bound) in change.removed { server.close(bound) }
    open.removeAll { open in change.removed.contains { $0.wanted == open.wanted } }
    open += change.added
  }

  /// The rule of the configuration for its own addresses, for those that somebody else chose.
  private func check(_ configuration: Configuration) throws(Obstacle) {
    guard isHandedOver, configuration.tokens.isEmpty else { return }
    for address in addresses where !address.isLocal {
      throw Obstacle(
        sentence:
          "\(address) can be reached from other machines, and without a token anyone there could upload: "
          + "set tokens_file, or hand over a socket on 127.0.0.1, [::1] or a unix path")
    }
  }
}
