internal import Wire

/// When each connection runs out of time, as lists linked by index: one list a kind of deadline.
///
/// All deadlines of a kind last equally long, so a new one always belongs at the end of its list, and the earliest is always at the
/// front. Arming, disarming and finding the earliest cost the same however many connections there are.
struct Deadlines: ~Copyable {
  /// What a connection is waiting for.
  enum Kind: Int, CaseIterable {
    case idle, head, body, write, linger

    /// Bytes that start the deadline anew when they have come or gone.
    var stepBytes: Int {
      switch self {
      case .body: Timeouts.bodyStepBytes
      case .write: Timeouts.writeStepBytes
      case .idle, .head, .linger: .max
      }
    }
  }

  /// A place in a list. Not private, because the compiler (6.3.1) cannot make the destructor of a private type used by others.
  struct Link {
    var next: Int32 = -1
    var previous: Int32 = -1
    var kind: Int8 = -1
    var due: Int64 = 0
  }

  private var links: Slab<Link>
  private var first = [5 of Int32](repeating: -1)
  private var last = [5 of Int32](repeating: -1)
  /// Nanoseconds that a deadline of each kind lasts.
  private let durations: [5 of Int64]

  init(capacity: Int, timeouts: Timeouts) {
    links = Slab(capacity: capacity)
    durations = [
      timeouts.idle.nanoseconds, timeouts.head.nanoseconds, timeouts.body.nanoseconds,
      timeouts.write.nanoseconds, timeouts.linger.nanoseconds,
    ]
  }

  /// Makes the next connection known: those there are have numbers from 0 on.
  mutating func addConnection() { links.append(Link()) }

  /// Starts a deadline of `kind` for the connection at `index`, in place of any other.
  mutating func arm(_ index: Int, _ kind: Kind, now: Int64) {
    disarm(index)
    let list = kind.rawValue
    let tail = last[list]
    links[index] = Link(
      next: -1, previous: tail, kind: Int8(truncatingIfNeeded: list), due: now &+ durations[list])
    let here = Int32(truncatingIfNeeded: index)
    if tail >= 0 { links[Int(tail)].next = here } else { first[list] = here }
    last[list] = here
  }

  /// The kind of deadline that runs for the connection at `index`, or nil.
  func kind(_ index: Int) -> Kind? { Kind(rawValue: Int(links[index].kind)) }

  /// Ends the deadline of the connection at `index`, if one runs.
  mutating func disarm(_ index: Int) {
    let link = links[index]
    guard link.kind >= 0 else { return }
    let list = Int(link.kind)
    if link.previous >= 0 {
      links[Int(link.previous)].next = link.next
    } else {
      first[list] = link.next
    }
    if link.next >= 0 {
      links[Int(link.next)].previous = link.previous
    } else {
      last[list] = link.previous
    }
    links[index].kind = -1
  }

  /// A connection whose deadline has passed, and which; it stays armed.
  func expired(now: Int64) -> (index: Int, kind: Kind)? {
    for kind in Kind.allCases {
      let index = Int(first[kind.rawValue])
      if index >= 0, links[index].due <= now { return (index, kind) }
    }
    return nil
  }

  /// The earliest deadline of all, in nanoseconds of the monotonic clock.
  var earliest: Int64? {
    var earliest: Int64?
    for list in first.indices where first[list] >= 0 {
      earliest = min(earliest ?? .max, links[Int(first[list])].due)
    }
    return earliest
  }

  /// The connection that has been waited for for longest, whatever it is to do. Those that send or take a little now and then do not
  /// begin anew by it, as their deadlines do not.
  var longestWaiting: Int? {
    var longest: (index: Int, since: Int64)?
    for list in first.indices where first[list] >= 0 {
      let index = Int(first[list])
      let since = links[index].due &- durations[list]
      if since < longest?.since ?? .max { longest = (index, since) }
    }
    return longest?.index
  }
}

/// How long a connection may take for each thing.
public struct Timeouts: Sendable, Equatable {
  /// Between two requests, and before the first. Longer than 120 s: ejabberd closes its side after that long, and loses a request where the
  /// server is the first.
  public var idle = Duration.seconds(180)
  /// For a request head, from its first byte.
  public var head = Duration.seconds(10)
  /// For a body that is wanted whole, and for each ``bodyStepBytes`` of a streamed one.
  public var body = Duration.seconds(30)
  /// For each ``writeStepBytes`` of an answer to be taken by the client.
  public var write = Duration.seconds(30)
  /// For the client to close, after the last answer of a connection.
  public var linger = Duration.seconds(2)

  /// Bytes of a streamed body that must come within ``body``: 16 KiB in 30 s, which is slower than any modem.
  static let bodyStepBytes = 16_384
  /// Bytes of an answer that must go within ``write``.
  static let writeStepBytes = 4_096

  /// The defaults.
  public init() {}
}

extension Duration {
  /// Whole nanoseconds; a duration of centuries is cut to what fits.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return Int64(min(seconds, 4_000_000_000)) * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
