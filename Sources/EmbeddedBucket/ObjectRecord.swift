/// What is known of an object beside its content.
struct ObjectRecord: Equatable, Sendable {
  /// A field that was given with the content and is given back with it.
  struct Field: Equatable, Sendable {
    /// In lower case.
    var name: String
    var value: [UInt8]
  }

  var key: ObjectKey
  /// Bytes of the content.
  var size: UInt64
  var etag: ETag
  /// When it was stored, in seconds since the beginning of 1970 in UTC.
  var modified: Int64
  var fields: [Field]

  /// The value of the field called `name`, or nil.
  func value(of name: String) -> [UInt8]? { fields.first { $0.name == name }?.value }
}

// MARK: - On disk

/// How a file of an object is made: content, record, footer.
///
/// The record stands in the same file, so that one rename replaces both at once, on any file system: extended attributes would
/// do that too, but not every file system has them, nor with room for S3's 2 KB of metadata. It stands behind the content, because
/// its ETag is not known before; and the content begins at offset 0, where `sendfile` likes it.
///
///     content
///     key, size, ETag, time, fields       numbers are little-endian; strings have their length before them
///     bytes of the record (4)             the footer: 20 bytes
///     checksum of the record (8)          FNV-1a: for a file that was cut or edited, not against anybody
///     "slotd\0\0\1"
extension ObjectRecord {
  static let footerBytes = 20
  private static let mark = Array("slotd".utf8) + [0, 0, 1]

  /// The bytes behind the content.
  var trailer: [UInt8] {
    var record: [UInt8] = []
    record.append(string: key.bytes)
    record.append(number: size)
    record.append(number: etag.high)
    record.append(number: etag.low)
    record.append(number: etag.parts)
    record.append(number: modified)
    record.append(number: UInt16(truncatingIfNeeded: fields.count))
    for field in fields {
      record.append(string: Array(field.name.utf8))
      record.append(string: field.value)
    }
    let checksum = Self.checksum(record)
    record.append(number: UInt32(truncatingIfNeeded: record.count))
    record.append(number: checksum)
    return record + Self.mark
  }

  /// The bytes of the record that the footer at the end of `tail` announces, or nil where that is no footer.
  static func recordBytes(in tail: [UInt8]) -> Int? {
    guard tail.count >= footerBytes, Array(tail.suffix(8)) == mark else { return nil }
    var reader = RecordReader(tail.suffix(footerBytes))
    return reader.number(UInt32.self).map(Int.init)
  }

  /// Reads what ``trailer`` wrote, `bytes` being all of it; nil where that is something else.
  init?(trailer bytes: [UInt8]) {
    guard let count = Self.recordBytes(in: bytes), count + Self.footerBytes == bytes.count
    else { return nil }
    var footer = RecordReader(bytes[(count + 4)...])
    guard footer.number(UInt64.self) == Self.checksum(Array(bytes[..<count])) else { return nil }
    var reader = RecordReader(bytes[..<count])
    guard let key = reader.string().flatMap({ ObjectKey($0) }),
      let size = reader.number(UInt64.self), let high = reader.number(UInt64.self),
      let low = reader.number(UInt64.self), let parts = reader.number(UInt32.self),
      let modified = reader.number(Int64.self), let fieldCount = reader.number(UInt16.self)
    else { return nil }
    var fields: [Field] = []
    for _ in 0..<fieldCount {
      guard let name = reader.string(), let value = reader.string() else { return nil }
      fields.append(Field(name: String(decoding: name, as: UTF8.self), value: value))
    }
    guard reader.isAtEnd else { return nil }
    self.init(
      key: key, size: size, etag: ETag(high: high, low: low, parts: parts), modified: modified,
      fields: fields)
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

extension [UInt8] {
  fileprivate mutating func append<Number: FixedWidthInteger>(number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }

  fileprivate mutating func append(string: [UInt8]) {
    append(number: UInt16(truncatingIfNeeded: string.count))
    append(contentsOf: string)
  }
}

/// Reads numbers and strings from the front of bytes that may hold anything.
private struct RecordReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
    let count = Number.bitWidth / 8
    guard rest.count >= count else { return nil }
    var number: Number = 0
    for byte in rest.prefix(count).reversed() {
      number = number << 8 | Number(truncatingIfNeeded: byte)
    }
    rest = rest.dropFirst(count)
    return number
  }

  mutating func string() -> [UInt8]? {
    guard let count = number(UInt16.self), rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return Array(rest.prefix(Int(count)))
  }
}
