import Glibc
import TestSupport
import Testing

/// More clients than there is room for.
struct CrowdTests {
  @Test func whoIsIdleForLongestMakesRoom() throws {
    try serving(connectionsMax: 3) { address, _ in
      let clients = try (0..<3).map { _ in try Client(address) }
      for client in clients + [clients[0]] {
        client.send(get("/"))
        #expect(client.answer()?.status == 200)
      }
      // The first was used last; the second goes.
      let newcomer = try Client(address)
      newcomer.send(get("/new"))
      #expect(newcomer.answer()?.text == "/new")
      #expect(clients[1].isEnded)
      for client in [clients[0], clients[2], newcomer] {
        client.send(get("/still"))
        #expect(client.answer()?.text == "/still")
      }
    }
  }

  @Test func whoDoesNotComeToAnEndMakesRoomBeforeWhoIsIdle() throws {
    try serving(connectionsMax: 3) { address, _ in
      let slow = try Client(address)
      slow.send("GET / HT")
      let clients = try (0..<2).map { _ in try Client(address) }
      // Twice, because all that comes in one turn of the worker comes at one time.
      for client in clients + clients {
        client.send(get("/"))
        #expect(client.answer()?.status == 200)
        // A byte more is no reason to wait for longer.
        slow.send("T")
      }
      let newcomer = try Client(address)
      newcomer.send(get("/new"))
      #expect(newcomer.answer()?.text == "/new")
      #expect(slow.isEnded)
      for client in clients {
        client.send(get("/still"))
        #expect(client.answer()?.text == "/still")
      }
    }
  }

  @Test func whoHasARequestUnderWayIsNotCut() throws {
    let events = Events()
    try serving(connectionsMax: 2, events: events) { address, _ in
      let clients = try (0..<2).map { _ in try Client(address) }
      for client in clients { client.send(get("/held")) }
      #expect(events.wait(for: "held", 2))
      let newcomer = try Client(address)
      newcomer.send(get("/new"))
      #expect(newcomer.answer() == nil)
      events.wakeAll()
      for client in clients { #expect(client.answer()?.text == "held") }
    }
  }

  /// In a process of its own, because the limit is the whole process's.
  @Test func aProcessWithoutDescriptorsGoesOn() async {
    await #expect(processExitsWith: .success) {
      let events = Events()
      try serving(events: events) { address, _ in
        let idle = try Client(address)
        idle.send(get("/"))
        guard idle.answer()?.status == 200 else { throw Failure("no first answer") }

        let held = try Client(address)
        held.send(get("/held"))
        guard events.wait(for: "held") else { throw Failure("nothing held") }
        // The newcomers have their own descriptors; there are none left for the server's side.
        let newcomers = try (0..<2).map { _ in try Client(address, connects: false) }
        try forbidMoreDescriptors()
        // The idle connection makes room for the first, and the first, idle then, for the second.
        for (newcomer, idle) in zip(newcomers, [idle, newcomers[0]]) {
          try newcomer.connect()
          newcomer.send(get("/new"))
          guard newcomer.answer()?.text == "/new" else { throw Failure("no room was made") }
          guard idle.isEnded else { throw Failure("more room was made than was needed") }
        }
        events.wakeAll()
        guard held.answer()?.text == "held" else { throw Failure("the held one was cut") }
      }
    }
  }

  /// In a process of its own, as before.
  @Test func aProcessWithoutDescriptorsWaitsForRoom() async {
    await #expect(processExitsWith: .success) {
      let events = Events()
      try serving(events: events) { address, _ in
        let held = try Client(address)
        held.send(get("/held"))
        guard events.wait(for: "held") else { throw Failure("nothing held") }
        let newcomer = try Client(address, connects: false)
        try forbidMoreDescriptors()
        try newcomer.connect()
        newcomer.send(get("/new"))
        // Nobody can be cut until the held one has its answer; it is looked for room again some time later.
        let before = clock()
        usleep(500_000)
        guard clock() - before < CLOCKS_PER_SEC / 10 else { throw Failure("waiting costs a core") }
        events.wakeAll()
        guard held.answer()?.text == "held" else { throw Failure("the held one was cut") }
        guard newcomer.answer()?.text == "/new" else { throw Failure("no room was made") }
        guard held.isEnded else { throw Failure("room came from nowhere") }
      }
    }
  }
}

/// What went wrong in another process, which prints it when it ends for that.
struct Failure: Error {
  let what: String

  init(_ what: String) { self.what = what }
}

/// Lets this process open no more than it has open.
func forbidMoreDescriptors() throws {
  let next = dup(0)
  guard next >= 0, close(next) == 0 else { throw Failure("dup") }
  var limit = rlimit(rlim_cur: rlim_t(next), rlim_max: rlim_t(next))
  // Safe: the limit is lent for the call.
  guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
    throw Failure("setrlimit")
  }
}
