internal import Reactor
internal import Synchronization
internal import Wire

/// Gathers a short body, has something done with it by a thread that may wait for the disk, and answers with what came of it.
final class WorkSink: BodySink {
  /// What comes of it.
  enum Reply: Sendable {
    case empty(Status)
    case document(Status, XMLWriter)
  }

  /// What is to be done with the body.
  typealias Work = @Sendable ([UInt8]) throws(S3Error) -> Reply

  private let exchange: Exchange
  private let pool: WorkPool
  private let claims: BodyClaims?
  private let work: Work
  private var chunks: ChunkedPayload?
  private var body: [UInt8] = []
  private var isMalformed = false
  private var isComplete = false
  private let outcome = Outcome()

  /// What the thread leaves for the event loop.
  private final class Outcome: Sendable {
    let reply = Mutex<Result<Reply, S3Error>?>(nil)
  }

  /// Bytes that a body may have: 1,000 keys of 1,024 bytes, each with what XML puts around it, twice.
  static let bodyBytesMax: UInt64 = 2 << 20

  /// Without `claims` there is no body.
  init(_ claims: BodyClaims?, in store: Store, _ exchange: Exchange, _ work: @escaping Work) {
    self.exchange = exchange
    self.claims = claims
    self.work = work
    pool = store.pool
    chunks = claims?.isChunked == true ? ChunkedPayload() : nil
  }

  override func receive(_ bytes: Span<UInt8>) -> Appetite {
    if claims?.isChunked == true {
      if chunks?.decode(bytes, take) != true { isMalformed = true }
    } else {
      take(bytes)
    }
    return isMalformed ? .enough : .more
  }

  private func take(_ bytes: Span<UInt8>) {
    guard UInt64(body.count + bytes.count) <= claims?.size ?? 0 else {
      return isMalformed = true
    }
    for i in bytes.indices { body.append(bytes[i]) }
  }

  override func finish(_ response: inout Response) -> Bool {
    if isComplete {
      guard let reply = outcome.reply.withLock({ $0 }) else { return false }
      answer(reply, &response)
      return true
    }
    isComplete = true
    guard !isMalformed, UInt64(body.count) == claims?.size ?? 0, chunks?.isOver != false else {
      exchange.refuse(.incompleteBody, &response)
      return true
    }
    let trailing: [UInt8]?
    do throws(S3Error) {
      trailing = try claims?.trailingChecksum(in: chunks)
    } catch {
      exchange.refuse(error, &response)
      return true
    }
    pool.run { [claims, work, body, outcome, waker] in
      let reply: Result<Reply, S3Error>
      do throws(S3Error) {
        if let claims {
          var digest = BodyDigest(claims)
          digest.update(body.span)
          _ = try digest.finish(trailing: trailing)
        }
        reply = .success(try work(body))
      } catch {
        reply = .failure(error)
      }
      outcome.reply.withLock { $0 = reply }
      waker.wake()
    }
    return false
  }

  private func answer(_ reply: Result<Reply, S3Error>, _ response: inout Response) {
    switch reply {
    case .success(.empty(let status)): exchange.answer(status, &response)
    case .success(.document(let status, let document)):
      exchange.answer(status, document, &response)
    case .failure(let error): exchange.refuse(error, &response)
    }
  }
}
