internal import Reactor
internal import Synchronization
internal import Wire

/// The way of a body from the event loop, which must not wait for the disk, to a thread that may: blocks of memory that go round.
///
/// There are two. One is filled while the other is written, so an upload takes the memory of two blocks however large the file is,
/// and where the disk is slower than the network the client has to wait.
final class Upload: Sendable {
  private struct State: ~Copyable {
    /// Blocks to be written, in this order.
    var first: ByteBuffer?
    var second: ByteBuffer?
    /// A block that has been written.
    var spare: ByteBuffer?
    /// Whether all of the body is there, or in the blocks.
    var isComplete = false
    /// The checksum that stood behind the body, where one did.
    var trailing: [UInt8]?
    /// Whether nobody wants it any more.
    var isAbandoned = false
    /// Whether a thread is at work on it, or will be.
    var isRunning = false
    /// Who waits for a spare block, or for the outcome.
    var waiting: Waker?
    var outcome: Result<ETag, S3Error>?
  }

  /// What a thread does next.
  private enum Step: ~Copyable {
    case write(ByteBuffer)
    case finish(trailing: [UInt8]?)
    case drop
    case rest
  }

  private let pool: WorkPool
  private let state = Mutex(State())
  private let writer: Mutex<ObjectWriter?>

  /// Blocks that a thread writes before another upload has a turn.
  private static let blocksPerTurn = 16

  init(_ plan: UploadPlan, in store: Store) {
    pool = store.pool
    writer = Mutex(ObjectWriter(plan, in: store))
  }

  // MARK: - From the event loop

  /// How it ended, once it has. It may end badly before the body is over.
  var outcome: Result<ETag, S3Error>? { state.withLock { $0.outcome } }

  /// A block that can be filled again, if one is there.
  func takeSpare() -> ByteBuffer? { state.withLock { $0.spare.take() } }

  /// Has `block` written; returns one that can be filled. Where there is none, `waker` is woken when there is.
  func write(_ block: consuming ByteBuffer, waker: Waker?) -> ByteBuffer? {
    var block = Optional(block)
    return change { state in
      if state.first == nil { swap(&state.first, &block) } else { swap(&state.second, &block) }
      let spare = state.spare.take()
      if spare == nil { state.waiting = waker }
      return spare
    }
  }

  /// Says that all of the body is there, with the checksum that stood behind it, if one did. When there is an outcome, `waker` is
  /// woken.
  func complete(trailing checksum: [UInt8]?, waker: Waker) {
    let isOver = change { state in
      state.trailing = checksum
      state.isComplete = true
      // The disk may have failed since the outcome was looked for; nothing else would wake anybody then.
      guard state.outcome == nil else { return true }
      state.waiting = waker
      return false
    }
    if isOver { waker.wake() }
  }

  /// Says that nobody wants it any more.
  func abandon() {
    change { $0.isAbandoned = true }
  }

  /// Changes the state, and sees to it that a thread goes on.
  private func change<Value: ~Copyable>(_ body: (inout State) -> Value) -> Value {
    var starts = false
    let value = state.withLock { state in
      starts = !state.isRunning
      state.isRunning = true
      return body(&state)
    }
    if starts { pool.run { self.work() } }
    return value
  }

  // MARK: - On a thread of the pool

  private func work() {
    for _ in 0..<Self.blocksPerTurn {
      switch nextStep() {
      case .write(let block): write(block)
      case .finish(let checksum): settle(finish(trailing: checksum))
      case .drop:
        writer.withLock { $0 = nil }
        settle(.failure(.abandoned))
      case .rest: return
      }
    }
    pool.run { self.work() }
  }

  private func nextStep() -> Step {
    state.withLock { state in
      if state.isAbandoned, state.outcome == nil { return .drop }
      if let block = state.first.take() {
        swap(&state.first, &state.second)
        return .write(block)
      }
      if state.isComplete, state.outcome == nil { return .finish(trailing: state.trailing) }
      state.isRunning = false
      return .rest
    }
  }

  private func write(_ block: consuming ByteBuffer) {
    var failure: SystemError?
    writer.withLock { writer in
      do throws(SystemError) {
        try writer?.append(block.bytes)
      } catch {
        failure = error
        // What was written so far is removed at once: on a full disk others need the room.
        writer = nil
      }
    }
    block.clear()
    var spare = Optional(block)
    let waiting = state.withLock { state in
      swap(&state.spare, &spare)
      if let failure, state.outcome == nil { state.outcome = .failure(.storage(failure)) }
      // Who has given all blocks away waits for the outcome, and not for this one.
      return state.isComplete && state.outcome == nil ? nil : state.waiting.take()
    }
    waiting?.wake()
  }

  private func finish(trailing checksum: [UInt8]?) -> Result<ETag, S3Error> {
    writer.withLock { writer in
      defer { writer = nil }
      do throws(S3Error) {
        return try writer.map { (writer) throws(S3Error) in
          .success(try writer.finish(trailing: checksum))
        }
          ?? .failure(.abandoned)
      } catch {
        return .failure(error)
      }
    }
  }

  private func settle(_ outcome: Result<ETag, S3Error>) {
    let waiting = state.withLock { state in
      state.outcome = state.outcome ?? outcome
      return state.waiting.take()
    }
    waiting?.wake()
  }
}

extension S3Error {
  /// For an upload that nobody waits for.
  fileprivate static let abandoned = S3Error(.incompleteBody, "The upload was given up.")
}
