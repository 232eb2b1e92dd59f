internal import CLinux
internal import Glibc
internal import Wire

extension Worker {
  /// Connections that are accepted on one listener before others get a turn.
  static let acceptsPerTurn = 64
  /// Connections that are accepted before a listener is closed: as many as the kernel may hold ready.
  static let acceptsAtClose = 4_096
  /// How long accepting rests when there are no descriptors left and none can be freed.
  private static let acceptPauseNanoseconds: Int64 = 100_000_000

  /// Accepts on `descriptor` from now on.
  mutating func listen(
    _ descriptor: consuming Descriptor, at address: ListenAddress, service: Int, shared: Bool
  ) {
    for place in 0..<listeners.count where listeners[place] == nil {
      watch(descriptor.rawValue, place, shared: shared)
      listeners[place] = Listener(
        descriptor: consume descriptor, address: address, service: service, shared: shared)
      return
    }
    fatalError("a server was to listen at more addresses than Limits.listenersMax allows")
  }

  /// Accepts no more at the addresses that `matches` names, after those whom the kernel has told that they are connected.
  /// Connections that exist go on.
  mutating func close(_ matches: (ListenAddress) -> Bool) {
    for place in 0..<listeners.count {
      guard let address = listeners[place]?.address, matches(address),
        let descriptor = listeners[place]?.descriptor.rawValue
      else { continue }
      accept(place, atMost: Self.acceptsAtClose)
      // Closing alone would not end the watch where another worker has the same open socket.
      _ = slotd_epoll_remove(epoll.rawValue, descriptor)
      listeners[place] = nil
    }
  }

  private func watch(_ descriptor: Int32, _ place: Int, shared: Bool) {
    let token = Self.listenerToken | UInt64(place)
    _ = slotd_epoll_add_reader(epoll.rawValue, descriptor, token, shared)
  }

  /// Accepts on the listener at `place` until nobody waits there, or so many were let in.
  mutating func accept(_ place: Int, atMost count: Int) {
    guard place < listeners.count else { return }
    for _ in 0..<count {
      guard let listener = listeners[place]?.descriptor.rawValue,
        let service = listeners[place]?.service
      else { return }
      let result = slotd_accept(listener)
      if result >= 0 {
        take(Descriptor(owning: result), service: service)
        continue
      }
      switch 0 &- result {
      case EAGAIN:
        return
      case EMFILE, ENFILE, ENOBUFS, ENOMEM:
        // The connection stays in the kernel's queue, and the listener readable.
        guard makeRoom() else { return pauseAccepting() }
      default:
        // The client gave up before it was accepted, or a network error is reported for it: the next one may be fine.
        continue
      }
    }
  }

  private mutating func take(_ descriptor: consuming Descriptor, service: Int) {
    // A full table of connections that wait for us: closing is the only answer there is room for.
    guard let index = freePlace() ?? (makeRoom() ? freePlace() : nil) else { return }
    let rawValue = descriptor.rawValue
    connections[index] = Connection(consume descriptor, service: service)
    // The highest bit stays free, or a token could look like a listener's.
    generations[index] = (generations[index] &+ 1) & 0x7FFF_FFFF
    // Whoever connects now may know of what was published since this turn of the loop began.
    services[service].turn()
    services[service].connectionBegan()
    // Clients that connect mostly send at once. One that is answered and done by now was never waited for.
    drive(index)
    guard connections[index] != nil else { return }
    if slotd_epoll_add_connection(epoll.rawValue, rawValue, token(index)) < 0 { release(index) }
  }

  /// A place that a connection has left, or the next that none has been in.
  private mutating func freePlace() -> Int? {
    if free.count > 0 { return Int(free.removeLast()) }
    guard connections.count < connections.capacity else { return nil }
    connections.append(nil)
    generations.append(0)
    deadlines.addConnection()
    return connections.count - 1
  }

  /// Ends the connection that has been waited for for longest. False where none is waited for: looking again at once would only burn
  /// the processor.
  ///
  /// An honest client sends a head at once, and takes its answer. So a crowd that holds connections, however it does that, makes room
  /// for itself and for whoever has something to ask, and a busy client keeps its connection.
  private mutating func makeRoom() -> Bool {
    guard let index = deadlines.longestWaiting else { return false }
    release(index)
    return true
  }

  /// Ends a connection and frees its place.
  mutating func release(_ index: Int) {
    guard var connection = connections[index].take() else { return }
    connection.abandon()
    services[connection.service].connectionEnded()
    if let input = connection.input.take() { inputs.giveBack(input) }
    if let output = connection.output.take() { outputs.giveBack(output) }
    deadlines.disarm(index)
    free.append(Int32(truncatingIfNeeded: index))
  }

  private mutating func pauseAccepting() {
    acceptsAgainAt = clock.monotonic + Self.acceptPauseNanoseconds
    for place in 0..<listeners.count {
      if let descriptor = listeners[place]?.descriptor.rawValue {
        _ = slotd_epoll_remove(epoll.rawValue, descriptor)
      }
    }
  }

  mutating func resumeAccepting() {
    acceptsAgainAt = nil
    for place in 0..<listeners.count {
      if let descriptor = listeners[place]?.descriptor.rawValue,
        let shared = listeners[place]?.shared
      {
        watch(descriptor, place, shared: shared)
      }
    }
  }
}
