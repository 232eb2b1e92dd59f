internal import Reactor
internal import Wire

/// Takes the body of an upload to the disk, and answers when it is there to stay.
final class UploadSink: BodySink {
  private let exchange: Exchange
  private let doneStatus: Status
  private let upload: Upload
  private let claims: BodyClaims
  private var chunks: ChunkedPayload?
  private var block: ByteBuffer?
  private var blocksMade = 0
  /// Bytes of the body, without any coding, so far.
  private var received: UInt64 = 0
  private var isMalformed = false
  private var isComplete = false

  /// Bytes in a block from which on it is written. Fewer would wake a thread for each packet of a slow client.
  private static let writeBytesMin = 16_384
  /// Bytes that a block holds: below ``writeBytesMin`` it has room for all that a connection can offer at once.
  private static let blockBytes = Limits.requestBytesMax + writeBytesMin
  private static let blocksMax = 2

  /// Takes the body of `plan`; one that worked is answered with `doneStatus`.
  init(_ plan: UploadPlan, in store: Store, _ exchange: Exchange, doneStatus: Status = .ok) {
    self.exchange = exchange
    self.doneStatus = doneStatus
    upload = Upload(plan, in: store)
    claims = plan.body
    chunks = claims.isChunked ? ChunkedPayload() : nil
  }

  override func receive(_ bytes: Span<UInt8>) -> Appetite {
    guard upload.outcome == nil else { return .enough }
    if block == nil { block = upload.takeSpare() ?? makeBlock() }
    if claims.isChunked {
      if chunks?.decode(bytes, take) != true { isMalformed = true }
    } else {
      take(bytes)
    }
    guard !isMalformed else { return .enough }
    guard let count = block?.count, count >= Self.writeBytesMin, let full = block.take() else {
      return .more
    }
    let canMake = blocksMade < Self.blocksMax
    block = upload.write(full, waker: canMake ? nil : waker) ?? (canMake ? makeBlock() : nil)
    return block == nil ? .later : .more
  }

  private func take(_ bytes: Span<UInt8>) {
    received += UInt64(bytes.count)
    // More than was announced: only inside a coding can that be.
    guard received <= claims.size else { return isMalformed = true }
    block?.append(bytes)
  }

  private func makeBlock() -> ByteBuffer {
    blocksMade += 1
    // Most files are smaller than a block.
    return ByteBuffer(capacity: Int(min(max(claims.size, 1), UInt64(Self.blockBytes))))
  }

  override func finish(_ response: inout Response) -> Bool {
    if let outcome = upload.outcome {
      answer(outcome, &response)
      return true
    }
    guard !isComplete else { return false }
    isComplete = true
    guard !isMalformed, received == claims.size, chunks?.isOver != false else {
      upload.abandon()
      exchange.refuse(.incompleteBody, &response)
      return true
    }
    do throws(S3Error) {
      let trailing = try claims.trailingChecksum(in: chunks)
      if let rest = block.take(), !rest.isEmpty { _ = upload.write(rest, waker: nil) }
      upload.complete(trailing: trailing, waker: waker)
      return false
    } catch {
      upload.abandon()
      exchange.refuse(error, &response)
      return true
    }
  }

  private func answer(_ outcome: Result<ETag, S3Error>, _ response: inout Response) {
    switch outcome {
    case .success(let etag):
      exchange.begin(doneStatus, &response)
      response.writer.field("ETag", etag.quoted.utf8.span)
      response.writer.endWithoutBody()
    case .failure(let error):
      exchange.refuse(error, &response)
    }
  }

  override func abandon() { upload.abandon() }
}
