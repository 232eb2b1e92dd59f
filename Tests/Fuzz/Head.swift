import TestSupport
import Wire

/// Request heads: a verdict stays whatever follows, and a head that is written again from its parts says the same.
func fuzzHead(_ bytes: [UInt8]) {
  var head = RequestHead()
  let verdict = head.parse(bytes.span)
  // Some place inside, which depends on the input alone.
  let cut = bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % (bytes.count + 1)
  var other = RequestHead()
  let early = other.parse(bytes.span.extracting(first: cut))
  require(
    early == .incomplete || early == verdict,
    "\(early) after \(cut) bytes, \(verdict) in the end")
  guard verdict == .complete else { return }
  require(
    head.byteCount <= bytes.count
      && bytes[..<head.byteCount].suffix(4) == [13, 10, 13, 10],
    "the head does not end with an empty line")
  let again = rewritten(head, bytes.span)
  guard other.parse(again.span) == .complete, rewritten(other, again.span) == again,
    other.framing == head.framing, other.keepsAlive == head.keepsAlive,
    other.expectsContinue == head.expectsContinue, other.version == head.version,
    again.span[other.authority].text == bytes.span[head.authority].text
  else { fatalError("written again, it is another head") }
}

/// The head as its parts say it.
private func rewritten(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) -> [UInt8] {
  written(4 * bytes.count + 1_024) { buffer in
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
  }
}
