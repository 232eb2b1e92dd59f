internal import Signing
internal import Wire

/// A file of AWS's programs: sections in brackets, a property a line
/// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html). Its bytes are overwritten when it goes.
///
/// ```
/// ✅ [default]
///    aws_access_key_id = AKIAIOSFODNN7EXAMPLE   # a remark, where white space stands before it
///    s3 =
///      addressing_style = path                  a property of s3, passed over
/// ❌ [default                                   a bracket is missing
/// ❌ aws_access_key_id                          no = in it
/// ```
final class INIFile {
  private struct Property {
    let section: Int
    let name: String
    let value: Range<Int>
  }

  /// A line that cannot be read, counted from 1.
  struct Fault: Error, Equatable {
    let line: Int
  }

  private var bytes: [UInt8]
  private var sections: [String] = []
  private var properties: [Property] = []

  /// A file without anything in it.
  init() { bytes = [] }

  /// Reads a file.
  init(_ bytes: consuming [UInt8]) throws(Fault) {
    self.bytes = bytes
    var start = 0
    var number = 0
    // How far the latest property is indented: what is further in belongs to it.
    var indentation: Int?
    while start < self.bytes.count {
      number += 1
      let end = self.bytes[start...].firstIndex(of: 0x0A) ?? self.bytes.count
      let line = trim(start..<end)
      defer { start = end + 1 }
      guard let first = line.first else { continue }
      if isRemark(self.bytes[first]) { continue }
      if let known = indentation, first - start > known { continue }
      if self.bytes[first] == UInt8(ascii: "[") {
        guard let name = sectionName(line) else { throw Fault(line: number) }
        sections.append(name)
        indentation = nil
        continue
      }
      guard let equals = self.bytes[line].firstIndex(of: UInt8(ascii: "=")), !sections.isEmpty
      else { throw Fault(line: number) }
      let name = text(trim(line.lowerBound..<equals)).lowercased()
      guard !name.isEmpty else { throw Fault(line: number) }
      let value = trim(withoutRemark(equals + 1..<line.upperBound))
      properties.append(Property(section: sections.count - 1, name: name, value: value))
      indentation = first - start
    }
  }

  deinit { wipe(&bytes) }

  /// Whether there is a section of that name.
  func has(_ section: String) -> Bool { sections.contains(section) }

  /// The value of a property; of one that is there twice, the last. nil where there is none, or nothing in it.
  subscript(_ section: String, _ name: String) -> String? {
    range(section, name).map(text)
  }

  /// The value of a property that is a secret, for the caller to overwrite; empty where there is none.
  func secret(_ section: String, _ name: String) -> [UInt8] {
    range(section, name).map { Array(bytes[$0]) } ?? []
  }

  private func range(_ section: String, _ name: String) -> Range<Int>? {
    let found = properties.last { sections[$0.section] == section && $0.name == name }
    return found.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  // MARK: - Pieces of a line

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  private func isRemark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";")
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  private func trim(_ range: Range<Int>) -> Range<Int> {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower < upper, isBlank(bytes[lower]) { lower += 1 }
    while lower < upper, isBlank(bytes[upper - 1]) { upper -= 1 }
    return lower..<upper
  }

  private func withoutRemark(_ range: Range<Int>) -> Range<Int> {
    for i in range.dropFirst() where isRemark(bytes[i]) && isBlank(bytes[i - 1]) {
      return range.lowerBound..<i
    }
    return range
  }

  /// `[default]`, `[profile name]`, `[profile "a name"]`: the words, with one blank between them and without quotes.
  private func sectionName(_ line: Range<Int>) -> String? {
    guard let end = bytes[line].firstIndex(of: UInt8(ascii: "]")) else { return nil }
    let rest = trim(end + 1..<line.upperBound)
    guard rest.isEmpty || isRemark(bytes[rest.lowerBound]) else { return nil }
    let inside = text(trim(line.lowerBound + 1..<end))
    let words = inside.split(whereSeparator: { $0 == " " || $0 == "\t" })
    let name = words.joined(separator: " ").filter { $0 != "\"" && $0 != "'" }
    return name.isEmpty ? nil : name
  }
}
