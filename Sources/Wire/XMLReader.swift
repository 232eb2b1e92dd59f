/// Reads a small XML document token by token (XML 1.0), strictly and without allocating: S3's request and answer bodies.
///
/// What they have is read: elements, text, the five entities and character references, CDATA. Attributes, comments and
/// processing instructions are checked and passed over; a document type, which can make a short text a long one, is refused.
/// The bytes must be valid UTF-8, which the caller checks for all of them at once.
///
/// ```
/// ✅ <Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a&amp;b</Key></Object></Delete>
/// ❌ <Delete><Object></Delete>                an end tag that ends something else
/// ❌ <!DOCTYPE a [<!ENTITY b "bbbb">]><a/>
/// ```
///
/// A document is mostly read so: forget the text at each ``Token/start(name:)``, gather it, and use it at the ``Token/end(name:)`` whose
/// name and ``depth`` say what it is.
public struct XMLReader {
  /// What comes next. Names are without their prefix; ranges point into the bytes that are read.
  public enum Token: Equatable, Sendable {
    case start(name: ByteRange)
    case end(name: ByteRange)
    /// Text as it was written: ``ByteBuffer/append(xmlDecoded:)`` decodes it.
    case text(ByteRange)
    /// Text that stands for itself.
    case literal(ByteRange)
    /// The document is over, and whole.
    case over
    /// This is no document that is read here: why.
    case malformed(StaticString)

    /// Whether both say the same; of a reason only whether it is there.
    public static func == (a: Token, b: Token) -> Bool {
      switch (a, b) {
      case (.start(let a), .start(let b)), (.end(let a), .end(let b)), (.text(let a), .text(let b)),
        (.literal(let a), .literal(let b)):
        a == b
      case (.over, .over), (.malformed, .malformed): true
      default: false
      }
    }
  }

  /// How many elements are open: behind the start of the root 1, behind its end 0.
  public private(set) var depth = 0

  private var at = 0
  /// The open elements' names, prefix included. S3's documents go four deep.
  private var open = [16 of ByteRange](repeating: ByteRange())
  /// Whether the element on top was written as `<a/>`, so that its end is still to be told.
  private var selfClosed = false
  private var rootSeen = false

  /// A reader at the beginning of its bytes.
  public init() {}

  /// Reads the next token of the document in `bytes`.
  public mutating func next(_ bytes: Span<UInt8>) -> Token {
    if selfClosed {
      selfClosed = false
      return close(bytes)
    }
    while at < bytes.count {
      guard bytes[at] == UInt8(ascii: "<") else {
        let start = at
        at = bytes.firstIndex(of: UInt8(ascii: "<"), from: at) ?? bytes.count
        if depth > 0 { return .text(ByteRange(start, at)) }
        guard bytes.extracting(start..<at).isXMLSpace else {
          return .malformed("Only white space may stand outside the root element.")
        }
        continue
      }
      let rest = bytes.extracting(droppingFirst: at)
      if rest.starts(with: "<?") {
        guard skip(past: "?>", bytes) else {
          return .malformed("A processing instruction does not end.")
        }
      } else if rest.starts(with: "<!--") {
        at += 4
        guard skip(past: "-->", bytes) else { return .malformed("A comment does not end.") }
      } else if rest.starts(with: "<![CDATA["), depth > 0 {
        let start = at + 9
        guard skip(past: "]]>", bytes) else { return .malformed("A CDATA section does not end.") }
        return .literal(ByteRange(start, at - 3))
      } else if rest.starts(with: "<!") {
        return .malformed("A document type or a stray declaration is not read here.")
      } else if rest.starts(with: "</") {
        at += 2
        return endTag(bytes)
      } else {
        at += 1
        return startTag(bytes)
      }
    }
    return rootSeen && depth == 0 ? .over : .malformed("The document ends in the middle.")
  }

  // MARK: - Tags

  private mutating func startTag(_ bytes: Span<UInt8>) -> Token {
    guard depth > 0 || !rootSeen else { return .malformed("There are two root elements.") }
    guard depth < open.count else { return .malformed("The elements are nested too deeply.") }
    guard let name = name(bytes) else { return .malformed("An element has no proper name.") }
    rootSeen = true
    while true {
      let spaced = skipSpace(bytes)
      guard at < bytes.count else { return .malformed("A tag does not end.") }
      if bytes[at] == UInt8(ascii: ">") { break }
      if bytes[at] == UInt8(ascii: "/"), at + 1 < bytes.count,
        bytes[at + 1] == UInt8(ascii: ">")
      {
        at += 1
        selfClosed = true
        break
      }
      guard spaced, attribute(bytes) else { return .malformed("An attribute is malformed.") }
    }
    at += 1
    open[depth] = name
    depth += 1
    return .start(name: name.withoutPrefix(bytes))
  }

  private mutating func endTag(_ bytes: Span<UInt8>) -> Token {
    guard let name = name(bytes) else { return .malformed("An end tag has no proper name.") }
    _ = skipSpace(bytes)
    guard at < bytes.count, bytes[at] == UInt8(ascii: ">") else {
      return .malformed("An end tag does not end.")
    }
    at += 1
    guard depth > 0, bytes[open[depth - 1]].equals(bytes[name]) else {
      return .malformed("An end tag does not belong to the element that is open.")
    }
    return close(bytes)
  }

  private mutating func close(_ bytes: Span<UInt8>) -> Token {
    depth -= 1
    return .end(name: open[depth].withoutPrefix(bytes))
  }

  /// `name = "value"`, in quotes of either kind.
  private mutating func attribute(_ bytes: Span<UInt8>) -> Bool {
    guard name(bytes) != nil else { return false }
    _ = skipSpace(bytes)
    guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else { return false }
    at += 1
    _ = skipSpace(bytes)
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'"),
      let end = bytes.firstIndex(of: bytes[at], from: at + 1),
      bytes.extracting(at..<end).firstIndex(of: UInt8(ascii: "<")) == nil
    else { return false }
    at = end + 1
    return true
  }

  // MARK: - Pieces

  /// A name, with a prefix or without (Namespaces in XML 1.0, section 4).
  private mutating func name(_ bytes: Span<UInt8>) -> ByteRange? {
    let start = at
    guard skipNamePart(bytes) else { return nil }
    if at < bytes.count, bytes[at] == UInt8(ascii: ":") {
      at += 1
      guard skipNamePart(bytes) else { return nil }
    }
    return ByteRange(start, at)
  }

  private mutating func skipNamePart(_ bytes: Span<UInt8>) -> Bool {
    guard at < bytes.count, bytes[at].isXMLNameStart else { return false }
    while at < bytes.count, bytes[at].isXMLNameCharacter { at += 1 }
    return true
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) -> Bool {
    let start = at
    while at < bytes.count, bytes[at].isXMLSpace { at += 1 }
    return at > start
  }

  private mutating func skip(past end: StaticString, _ bytes: Span<UInt8>) -> Bool {
    let count = end.bytes.count
    while at + count <= bytes.count {
      if bytes.extracting(at..<at + count).equals(end) {
        at += count
        return true
      }
      at += 1
    }
    return false
  }
}

extension ByteRange {
  fileprivate func withoutPrefix(_ bytes: Span<UInt8>) -> ByteRange {
    guard let colon = bytes[self].firstIndex(of: UInt8(ascii: ":")) else { return self }
    return ByteRange(Int(lower) + colon + 1, Int(upper))
  }
}

extension Span<UInt8> {
  fileprivate var isXMLSpace: Bool {
    for i in indices where !self[i].isXMLSpace { return false }
    return true
  }
}

extension UInt8 {
  fileprivate var isXMLSpace: Bool { self == .space || self == .tab || self == .lf || self == .cr }

  /// A letter, `_`, or a byte beyond ASCII, where nearly everything may stand in a name.
  fileprivate var isXMLNameStart: Bool {
    (self | 0x20) &- 0x61 < 26 || self == UInt8(ascii: "_") || self >= 0x80
  }

  fileprivate var isXMLNameCharacter: Bool {
    isXMLNameStart || isDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: ".")
  }
}
