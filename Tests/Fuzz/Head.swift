import TestSupport
import Wire

/// Request heads: a verdict stays whatever follows, and a head that is written again from its parts says the same.
@c(LLVMFuzzerTestOneInput)
public func fuzzHead(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  var head = RequestHead()
  let verdict = head.parse(bytes.span)
  // Some place inside, which depends on the input alone.
  let cut = bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % (count + 1)
  var other = RequestHead()
  let early = other.parse(bytes.span.extracting(first: cut))
  guard early == .incomplete || early == verdict else {
    fatalError("\(early) after \(cut) bytes, \(verdict) in the end")
  }
  guard verdict == .complete else { return 0 }
  guard head.byteCount <= count, bytes[..<head.byteCount].suffix(4) == [13, 10, 13, 10] else {
    fatalError("the head does not end with an empty line")
  }
  let again = rewritten(head, bytes.span)
  guard other.parse(again.span) == .complete, rewritten(other, again.span) == again,
    other.framing == head.framing, other.keepsAlive == head.keepsAlive,
    other.expectsContinue == head.expectsContinue, other.version == head.version,
    again.span[other.authority].text == bytes.span[head.authority].text
  else { fatalError("written again, it is another head") }
  return 0
}

/// The head as its parts say it.
private func rewritten(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) -> [UInt8] {
  var buffer = ByteBuffer(capacity: 4 * bytes.count + 1_024)
  buffer.append(bytes[head.methodName])
  buffer.append(" ")
  buffer.append(bytes[head.target])
  buffer.append(head.version == .http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n")
  for i in 0..<head.fieldCount {
    buffer.append(bytes[head.fields[i].name])
    buffer.append(":")
    buffer.append(bytes[head.fields[i].value])
    buffer.append("\r\n")
  }
  buffer.append("\r\n")
  return buffer.bytes.indices.map { buffer.bytes[$0] }
}
