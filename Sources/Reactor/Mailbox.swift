internal import CLinux
internal import Synchronization
internal import Wire

/// The one way into a worker from another thread: messages, and an eventfd that ends its wait.
final class Mailbox: Sendable {
  enum Message: Sendable {
    /// The sink of the connection with this token can go on.
    case wake(UInt64)
    /// Accept on this descriptor too, for the service of this number; the worker owns it from here on.
    case listen(descriptor: Int32, address: ListenAddress, service: Int, shared: Bool)
    /// Stop accepting at this address, after those that the kernel has let in.
    case close(ListenAddress)
    /// Show that the loop turns.
    case echo
    /// Take another turn, for something was published.
    case turn
    /// Answer what is under way, accept and keep nothing, and end.
    case drain
    /// End now.
    case stop
  }

  /// How many echoes there were.
  let echoes = Atomic<Int>(0)
  private let messages = Mutex<[Message]>([])
  private let event: Descriptor

  init() throws(SystemError) {
    event = try Descriptor.event()
  }

  /// The descriptor that is readable while there are messages.
  var descriptor: Int32 { event.rawValue }

  func post(_ message: Message) {
    messages.withLock { $0.append(message) }
    event.signal()
  }

  /// All messages, oldest first; the mailbox is empty afterwards.
  func empty() -> [Message] {
    slotd_eventfd_drain(event.rawValue)
    return messages.withLock {
      let all = $0
      $0 = []
      return all
    }
  }
}

/// Wakes one connection from any thread. A connection that is gone by then is not missed.
public struct Waker: Sendable {
  private var mailbox: Mailbox?
  private var token: UInt64 = 0

  /// Wakes nobody.
  init() {}

  init(_ mailbox: Mailbox, _ token: UInt64) {
    self.mailbox = mailbox
    self.token = token
  }

  /// Lets the connection's sink go on.
  public func wake() { mailbox?.post(.wake(token)) }
}
