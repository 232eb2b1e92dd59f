internal import FoundationEssentials

/// Whether ``JSONObjectReader`` and the decoder of FoundationEssentials say the same about some bytes.
public enum JSONAgreement: Equatable {
  /// Both take them, and see the same members.
  case bothTake
  /// Both refuse them.
  case bothRefuse
  /// They cannot be compared: one of them has a limit or a fault of its own there.
  case leftOut
  /// They disagree: what each says.
  case none(String)

  /// Has both read `bytes`.
  public init(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self), !Self.isLeftOut(text) else {
      self = .leftOut
      return
    }
    let theirs = Self.decoded(text)
    switch (JSONReading(bytes), theirs) {
    case (.malformed("A member of the JSON object is there twice."), _),
      (.malformed("The JSON object has more than 32 members."), _):
      self = .leftOut
    case (.malformed, nil): self = .bothRefuse
    case (.members(let members), let theirs?):
      let ours = Dictionary(grouping: members.map(Self.normalized), by: \.self).mapValues(\.count)
      let other = Dictionary(grouping: theirs, by: \.self).mapValues(\.count)
      // Names that Unicode holds for the same are one to that decoder.
      let isSame = ours == other || members.count != theirs.count
      self = isSame ? .bothTake : .none("\(text.debugDescription): \(ours), \(other)")
    case (let ours, let theirs):
      self = .none("\(text.debugDescription): \(ours), \(theirs.map { "\($0)" } ?? "refused")")
    }
  }

  /// What is left out: that decoder takes a comma before a closing bracket, and refuses zeros with an exponent and numbers that no
  /// `Double` holds; it guesses at encodings. Ours ends at a depth of 64.
  private static func isLeftOut(_ text: String) -> Bool {
    text.contains(/,\s*[}\]]|[^0-9.]0(\.0*)?[eE]|[eE]\+?\d{3}/)
      || text.utf8.contains(0) || text.utf8.starts(with: [0xEF, 0xBB, 0xBF])
      || text.utf8.count { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") } > 60
  }

  /// A member whose number is written as its value is.
  private static func normalized(_ member: String) -> String {
    guard let equals = member.lastIndex(of: "="), !member.hasSuffix("\"") else { return member }
    let value = member[member.index(after: equals)...]
    return member[...equals] + (Double(value).map(\.description) ?? String(value))
  }

  private static func decoded(_ text: String) -> [String]? {
    let members = try? JSONDecoder().decode([String: AnyValue].self, from: Data(text.utf8))
    return members?.map { "\($0)=\($1.text)" }
  }

  /// Any JSON value.
  private struct AnyValue: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
      // Members and elements are decoded too, because the decoder looks into strings and numbers only then.
      if (try? decoder.unkeyedContainer()) != nil {
        _ = try [AnyValue](from: decoder)
        text = "[]"
        return
      }
      if (try? decoder.container(keyedBy: Name.self)) != nil {
        _ = try [String: AnyValue](from: decoder)
        text = "[]"
        return
      }
      let value = try decoder.singleValueContainer()
      if let string = try? value.decode(String.self) {
        text = "\"\(string)\""
      } else if let bool = try? value.decode(Bool.self) {
        text = "\(bool)"
      } else if value.decodeNil() {
        text = "null"
      } else {
        text = try value.decode(Double.self).description
      }
    }

    private struct Name: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
  }
}
