/// Reads one JSON object member by member (RFC 8259), strictly and without allocating.
///
/// Made for small flat objects: a nested value is checked and passed over. Strings are decoded into a scratch buffer;
/// the ranges that come back point into that. The bytes must be valid UTF-8, which the caller checks for all of them at once.
///
/// ```
/// ✅ {"jid":"romeo@example.net","size":23456}
/// ❌ {"size":23456,}                          a comma with nothing behind it
/// ❌ {"size":1,"size":2}                      a name twice: two readers would see two requests
/// ```
public struct JSONObjectReader {
  /// A member's value.
  public enum Value: Equatable, Sendable {
    /// A string, decoded, in the scratch buffer.
    case string(ByteRange)
    /// A number as it was written, in the bytes that are read.
    case number(ByteRange)
    case bool(Bool)
    case null
    /// An object or an array.
    case nested
  }

  /// What comes next.
  public enum Step: Equatable, Sendable {
    /// One more member; its name is in the scratch buffer.
    case member(name: ByteRange, Value)
    /// The object is over, and nothing but white space follows.
    case end
    /// This is not one JSON object: why.
    case malformed(StaticString)

    /// Whether both say the same; of a reason only whether it is there.
    public static func == (a: Step, b: Step) -> Bool {
      switch (a, b) {
      case (.member(let name, let value), .member(let other, let otherValue)):
        name == other && value == otherValue
      case (.end, .end), (.malformed, .malformed): true
      default: false
      }
    }
  }

  /// Levels of nesting that are followed.
  static let depthMax = 64

  private var at = 0
  private var names = [32 of ByteRange](repeating: ByteRange())
  private var nameCount = 0
  private var opened = false

  /// A reader at the beginning of its bytes.
  public init() {}

  /// Reads the next member of the object in `bytes`.
  public mutating func next(_ bytes: Span<UInt8>, _ scratch: inout ByteBuffer) -> Step {
    skipSpace(bytes)
    if !opened {
      guard consume(UInt8(ascii: "{"), bytes) else {
        return .malformed("The body must be one JSON object.")
      }
      opened = true
      skipSpace(bytes)
      if consume(UInt8(ascii: "}"), bytes) { return end(bytes) }
    } else {
      if consume(UInt8(ascii: "}"), bytes) { return end(bytes) }
      guard consume(UInt8(ascii: ","), bytes) else {
        return .malformed("A comma or a closing brace is missing in the JSON object.")
      }
      skipSpace(bytes)
    }
    guard let name = string(bytes, &scratch) else {
      return .malformed("A member's name is missing or is no JSON string.")
    }
    for i in 0..<nameCount where scratch.bytes[names[i]].equals(scratch.bytes[name]) {
      return .malformed("A member of the JSON object is there twice.")
    }
    guard nameCount < names.count else {
      return .malformed("The JSON object has more than 32 members.")
    }
    names[nameCount] = name
    nameCount += 1
    skipSpace(bytes)
    guard consume(UInt8(ascii: ":"), bytes) else {
      return .malformed("A colon is missing behind a member's name.")
    }
    skipSpace(bytes)
    guard let value = value(bytes, &scratch) else {
      return .malformed("A member's value is no JSON value.")
    }
    return .member(name: name, value)
  }

  private mutating func end(_ bytes: Span<UInt8>) -> Step {
    skipSpace(bytes)
    return at == bytes.count ? .end : .malformed("Something follows the JSON object.")
  }

  // MARK: - Tokens

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      default: return
      }
    }
  }

  private mutating func consume(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  private mutating func consume(_ word: StaticString, _ bytes: Span<UInt8>) -> Bool {
    guard bytes.extracting(droppingFirst: at).starts(with: word) else { return false }
    at += word.utf8CodeUnitCount
    return true
  }

  private mutating func value(_ bytes: Span<UInt8>, _ scratch: inout ByteBuffer) -> Value? {
    guard at < bytes.count else { return nil }
    switch bytes[at] {
    case UInt8(ascii: "\""):
      return string(bytes, &scratch).map { .string($0) }
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      return skipNested(bytes, &scratch) ? .nested : nil
    case UInt8(ascii: "t"): return consume("true", bytes) ? .bool(true) : nil
    case UInt8(ascii: "f"): return consume("false", bytes) ? .bool(false) : nil
    case UInt8(ascii: "n"): return consume("null", bytes) ? .null : nil
    default: return number(bytes).map { .number($0) }
    }
  }

  /// `[ "-" ] int [ frac ] [ exp ]`
  private mutating func number(_ bytes: Span<UInt8>) -> ByteRange? {
    let start = at
    _ = consume(UInt8(ascii: "-"), bytes)
    if !consume(UInt8(ascii: "0"), bytes), digits(bytes) == 0 { return nil }
    if consume(UInt8(ascii: "."), bytes), digits(bytes) == 0 { return nil }
    if consume(UInt8(ascii: "e"), bytes) || consume(UInt8(ascii: "E"), bytes) {
      if !consume(UInt8(ascii: "+"), bytes) { _ = consume(UInt8(ascii: "-"), bytes) }
      if digits(bytes) == 0 { return nil }
    }
    return ByteRange(start, at)
  }

  private mutating func digits(_ bytes: Span<UInt8>) -> Int {
    let start = at
    while at < bytes.count, bytes[at].isDigit { at += 1 }
    return at - start
  }

  // MARK: - Strings

  /// A string, decoded to the end of `scratch`; nil where it is none.
  private mutating func string(_ bytes: Span<UInt8>, _ scratch: inout ByteBuffer) -> ByteRange? {
    guard consume(UInt8(ascii: "\""), bytes) else { return nil }
    let start = scratch.count
    while at < bytes.count {
      at = scratch.append(bytes, from: at) {
        $0.marks(below: 0x20) | $0.marks(of: UInt8(ascii: "\"")) | $0.marks(of: UInt8(ascii: "\\"))
      }
      guard at < bytes.count else { return nil }
      if consume(UInt8(ascii: "\""), bytes) {
        return scratch.overflowed ? nil : ByteRange(start, scratch.count)
      }
      guard consume(UInt8(ascii: "\\"), bytes), escape(bytes, &scratch) else { return nil }
    }
    return nil
  }

  private mutating func escape(_ bytes: Span<UInt8>, _ scratch: inout ByteBuffer) -> Bool {
    guard at < bytes.count else { return false }
    let byte = bytes[at]
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(byte)
    case UInt8(ascii: "b"): scratch.append(0x08)
    case UInt8(ascii: "f"): scratch.append(0x0C)
    case UInt8(ascii: "n"): scratch.append(0x0A)
    case UInt8(ascii: "r"): scratch.append(0x0D)
    case UInt8(ascii: "t"): scratch.append(0x09)
    case UInt8(ascii: "u"):
      guard var scalar = hex4(bytes) else { return false }
      if scalar & 0xFC00 == 0xD800 {
        // Half of a pair is no character, so it has no UTF-8 (RFC 8259 §8.2).
        guard consume("\\u", bytes), let low = hex4(bytes), low & 0xFC00 == 0xDC00 else {
          return false
        }
        scalar = 0x10000 + (scalar & 0x3FF) << 10 + (low & 0x3FF)
      }
      guard let scalar = Unicode.Scalar(scalar) else { return false }
      scratch.append(scalar: scalar)
    default: return false
    }
    return true
  }

  private mutating func hex4(_ bytes: Span<UInt8>) -> UInt32? {
    guard bytes.count - at >= 4 else { return nil }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = bytes[at].hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }

  // MARK: - Nested values

  /// Passes over an object or an array, checking it. The open brackets are bits of one number: 1 is an object.
  private mutating func skipNested(_ bytes: Span<UInt8>, _ scratch: inout ByteBuffer) -> Bool {
    var open: UInt64 = 0
    var depth = 0
    // Its strings are decoded to be checked, each in the place of the one before.
    let mark = scratch.count
    defer { scratch.truncate(to: mark) }
    while true {
      // Here a value is due, or the end of an empty object or array.
      guard at < bytes.count else { return false }
      let opener = bytes[at]
      if opener == UInt8(ascii: "{") || opener == UInt8(ascii: "[") {
        guard depth < Self.depthMax else { return false }
        let isObject = opener == UInt8(ascii: "{")
        open = open << 1 | (isObject ? 1 : 0)
        depth += 1
        at += 1
        skipSpace(bytes)
        if !consume(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"), bytes) {
          if isObject, !nestedName(bytes, &scratch) { return false }
          continue
        }
        open >>= 1
        depth -= 1
      } else {
        guard value(bytes, &scratch) != nil else { return false }
      }
      scratch.truncate(to: mark)
      // Behind a value: more of the same, or any number of ends.
      while true {
        guard depth > 0 else { return true }
        skipSpace(bytes)
        let isObject = open & 1 == 1
        if consume(UInt8(ascii: ","), bytes) {
          skipSpace(bytes)
          if isObject, !nestedName(bytes, &scratch) { return false }
          break
        }
        guard consume(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"), bytes) else { return false }
        open >>= 1
        depth -= 1
      }
    }
  }

  private mutating func nestedName(_ bytes: Span<UInt8>, _ scratch: inout ByteBuffer) -> Bool {
    guard string(bytes, &scratch) != nil else { return false }
    skipSpace(bytes)
    guard consume(UInt8(ascii: ":"), bytes) else { return false }
    skipSpace(bytes)
    return true
  }
}

extension ByteBuffer {
  /// Appends the UTF-8 of one character.
  public mutating func append(scalar: Unicode.Scalar) {
    let value = scalar.value
    func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: value >> shift & 0x3F) }
    switch value {
    case 0..<0x80:
      append(UInt8(truncatingIfNeeded: value))
    case 0x80..<0x800:
      append(UInt8(truncatingIfNeeded: 0xC0 | value >> 6))
      append(tail(0))
    case 0x800..<0x10000:
      append(UInt8(truncatingIfNeeded: 0xE0 | value >> 12))
      append(tail(6))
      append(tail(0))
    default:
      append(UInt8(truncatingIfNeeded: 0xF0 | value >> 18))
      append(tail(12))
      append(tail(6))
      append(tail(0))
    }
  }
}
