extension RequestHead {
  /// What ``parse(_:)`` found.
  public enum Verdict: Equatable, Sendable {
    /// The head is there, whole and well-formed.
    case complete
    /// What is there is the beginning of a good head.
    case incomplete
    /// No continuation can make a good head of it.
    case refused(Refusal)
  }

  /// Reads a request head from the front of `bytes` (RFC 9112 §2 to §6).
  ///
  /// ```
  /// ✅ GET /slot?jid=a%40b HTTP/1.1␍␊Host: localhost␍␊␍␊
  /// ❌ GET /slot HTTP/1.1␊Host: localhost␊␊            a bare LF ends a line
  /// ❌ GET /slot HTTP/1.1␍␊Host : localhost␍␊␍␊        white space before the colon
  /// ```
  ///
  /// Strict wherever two readers of the same bytes could disagree, because that is what request smuggling is made of.
  public mutating func parse(_ bytes: Span<UInt8>) -> Verdict {
    fieldCount = 0
    framing = .none
    expectsContinue = false
    authority = ByteRange()

    var at = 0
    // One empty line before the request line is forgiven, as §2.2 asks: old clients send it after a body.
    if at < bytes.count, bytes[at] == .cr {
      guard at + 1 < bytes.count else { return .incomplete }
      guard bytes[at + 1] == .lf else { return .refused(.lineEnd) }
      at += 2
    }
    switch parseRequestLine(bytes, &at) {
    case .complete: break
    case let other: return other
    }
    var semantics = FieldSemantics()
    while true {
      guard at < bytes.count else { return .incomplete }
      if bytes[at] == .cr {
        guard at + 1 < bytes.count else { return .incomplete }
        guard bytes[at + 1] == .lf else { return .refused(.lineEnd) }
        byteCount = at + 2
        return conclude(semantics)
      }
      switch parseField(bytes, &at) {
      case .complete: break
      case let other: return other
      }
      if let refusal = semantics.note(fields[fieldCount - 1], bytes, &self) {
        return .refused(refusal)
      }
    }
  }

  // MARK: - The request line (§3)

  private mutating func parseRequestLine(_ bytes: Span<UInt8>, _ at: inout Int) -> Verdict {
    let methodStart = at
    while at < bytes.count, bytes[at].isTokenCharacter { at += 1 }
    guard at < bytes.count else { return .incomplete }
    guard bytes[at] == .space, at > methodStart else { return .refused(.method) }
    methodName = ByteRange(methodStart, at)
    method = Method(bytes[methodName])
    at += 1

    let targetStart = at
    at = bytes.endOfTarget(from: at)
    guard at < bytes.count else { return .incomplete }
    // A line that ends here has no version: HTTP/0.9, which nobody speaks, or a request cut in two.
    if bytes[at] == .cr || bytes[at] == .lf { return .refused(.version) }
    guard bytes[at] == .space, at > targetStart else { return .refused(.target) }
    target = ByteRange(targetStart, at)
    let pathEnd = bytes[target].firstIndex(of: UInt8(ascii: "?")).map { targetStart + $0 } ?? at
    path = ByteRange(targetStart, pathEnd)
    query = ByteRange(min(pathEnd + 1, at), at)
    at += 1
    // The version first: what it is that another protocol's target names is not ours to judge.
    let verdict = parseVersion(bytes, &at)
    guard verdict == .complete else { return verdict }
    return understandTarget(bytes).map { .refused($0) } ?? .complete
  }

  /// `HTTP/1.1` and the line end.
  private mutating func parseVersion(_ bytes: Span<UInt8>, _ at: inout Int) -> Verdict {
    let pattern = ("HTTP/" as StaticString).bytes
    for i in pattern.indices {
      guard at < bytes.count else { return .incomplete }
      guard bytes[at] == pattern[i] else { return .refused(.version) }
      at += 1
    }
    guard at < bytes.count else { return .incomplete }
    let major = bytes[at]
    guard major.isDigit else { return .refused(.version) }
    guard at + 1 < bytes.count else { return .incomplete }
    guard bytes[at + 1] == UInt8(ascii: ".") else { return .refused(.version) }
    guard at + 2 < bytes.count else { return .incomplete }
    let minor = bytes[at + 2]
    guard minor.isDigit else { return .refused(.version) }
    at += 3
    guard at < bytes.count else { return .incomplete }
    guard bytes[at] == .cr else {
      return .refused(bytes[at] == .lf ? .lineEnd : .version)
    }
    guard at + 1 < bytes.count else { return .incomplete }
    guard bytes[at + 1] == .lf else { return .refused(.lineEnd) }
    at += 2
    guard major == UInt8(ascii: "1") else { return .refused(.versionUnsupported) }
    version = minor == UInt8(ascii: "0") ? .http10 : .http11
    return .complete
  }

  /// Sorts the target into one of its four forms (§3.2).
  private mutating func understandTarget(_ bytes: Span<UInt8>) -> Refusal? {
    let whole = bytes[target]
    if method == .other, bytes[methodName].equals("CONNECT") { return .connectMethod }
    if whole[0] == UInt8(ascii: "/") { return nil }
    if method == .options, whole.equals("*") { return nil }
    // The absolute form, which §3.2.2 wants understood by every server.
    let schemeCount: Int
    if whole.count >= 7, whole.extracting(first: 7).equalsIgnoringCase("http://") {
      schemeCount = 7
    } else if whole.count >= 8, whole.extracting(first: 8).equalsIgnoringCase("https://") {
      schemeCount = 8
    } else {
      return .target
    }
    let authorityStart = Int(target.lower) + schemeCount
    var authorityEnd = authorityStart
    while authorityEnd < Int(path.upper), bytes[authorityEnd] != UInt8(ascii: "/") {
      authorityEnd += 1
    }
    authority = ByteRange(authorityStart, authorityEnd)
    path = ByteRange(authorityEnd, Int(path.upper))
    return bytes[authority].isAuthority && !authority.isEmpty ? nil : .target
  }

  // MARK: - Fields (§5)

  private mutating func parseField(_ bytes: Span<UInt8>, _ at: inout Int) -> Verdict {
    let nameStart = at
    while at < bytes.count, bytes[at].isTokenCharacter { at += 1 }
    guard at < bytes.count else { return .incomplete }
    guard bytes[at] == UInt8(ascii: ":"), at > nameStart else {
      if at == nameStart, bytes[at] == .space || bytes[at] == .tab { return .refused(.folding) }
      return .refused(at == nameStart && bytes[at] == .lf ? .lineEnd : .fieldName)
    }
    let name = ByteRange(nameStart, at)
    at += 1
    while at < bytes.count, bytes[at] == .space || bytes[at] == .tab { at += 1 }
    let valueStart = at
    at = bytes.endOfFieldValue(from: at)
    guard at < bytes.count else { return .incomplete }
    guard bytes[at] == .cr else {
      return .refused(bytes[at] == .lf ? .lineEnd : .fieldValue)
    }
    guard at + 1 < bytes.count else { return .incomplete }
    guard bytes[at + 1] == .lf else { return .refused(.lineEnd) }
    var valueEnd = at
    while valueEnd > valueStart, bytes[valueEnd - 1] == .space || bytes[valueEnd - 1] == .tab {
      valueEnd -= 1
    }
    at += 2
    guard fieldCount < fields.count else { return .refused(.fieldsTooMany) }
    fields[fieldCount] = Field(name: name, value: ByteRange(valueStart, valueEnd))
    fieldCount += 1
    return .complete
  }

  /// What the fields mean together, once all are known (§3.2, §6.3, §9.3).
  private mutating func conclude(_ semantics: FieldSemantics) -> Verdict {
    if semantics.codingUnknown { return .refused(.transferEncodingUnsupported) }
    switch (semantics.contentLength, semantics.chunked) {
    case (nil, false): framing = .none
    case (let length?, false): framing = length == 0 ? .none : .length(length)
    case (nil, true):
      // A 1.0 client cannot mean it, and a proxy of that age would not know it.
      guard version == .http11 else { return .refused(.transferEncoding) }
      framing = .chunked
    case (_?, true): return .refused(.framingConflict)
    }
    if !semantics.hostSeen, version == .http11 { return .refused(.hostMissing) }
    keepsAlive = version == .http11 ? !semantics.close : semantics.keepAlive && !semantics.close
    expectsContinue = semantics.expectsContinue && version == .http11 && framing != .none
    return .complete
  }
}

extension RequestHead.Method {
  init(_ name: Span<UInt8>) {
    if name.equals("GET") {
      self = .get
    } else if name.equals("POST") {
      self = .post
    } else if name.equals("PUT") {
      self = .put
    } else if name.equals("HEAD") {
      self = .head
    } else if name.equals("DELETE") {
      self = .delete
    } else if name.equals("OPTIONS") {
      self = .options
    } else {
      self = .other
    }
  }
}
