import FoundationEssentials
import TestSupport
import Testing

/// The reader against the decoder of FoundationEssentials: both must take and refuse the same bytes, and see the same members.
///
/// Three faults of that decoder are left out: it takes a comma before a closing bracket, and refuses zeros with an exponent and
/// numbers that no `Double` holds.
struct JSONAgreementTests {
  @Test func generatedObjects() throws {
    var random = SeededGenerator(seed: 8259)
    for _ in 0..<500 {
      let text = object(&random, depth: 0)
      let members = try #require(theirs(text), "\(text.debugDescription)")
      #expect(ours(text) == members, "\(text.debugDescription)")
    }
  }

  @Test func mutatedObjects() {
    var random = SeededGenerator(seed: 7159)
    var taken = 0
    for _ in 0..<4_000 {
      let bytes = mutate(
        Array(object(&random, depth: 1).utf8),
        alphabet: Array("{}[]\":,\\ \t\n0123456789+-.eEu/tfnrbdD8\u{1}'aé".utf8), using: &random)
      guard let text = String(validating: bytes, as: UTF8.self) else { continue }
      if text.contains(/,\s*[}\]]|[^0-9.]0(\.0*)?[eE]|[eE]\+?\d{3}/) { continue }
      guard let mine = ours(text) else {
        // Refused here and taken there is right where a name stands twice, and nowhere else.
        if theirs(text) != nil {
          let twice = Malformed(reason: "A member of the JSON object is there twice.")
          #expect(read(Array(text.utf8)) == .failure(twice), "\(text.debugDescription)")
        }
        continue
      }
      taken += 1
      #expect(theirs(text) == mine, "\(text.debugDescription)")
    }
    #expect(taken > 400)
  }

  // MARK: - Two readers

  /// The members by name. Numbers by value, where one holds them.
  private func ours(_ text: String) -> [String: String]? {
    read(text).map { members in
      Dictionary(
        members.map { member in
          let parts = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
          let value = String(parts[1])
          return (String(parts[0]), Double(value).map(\.description) ?? value)
        }, uniquingKeysWith: { first, _ in first })
    }
  }

  private func theirs(_ text: String) -> [String: String]? {
    try? JSONDecoder().decode([String: AnyValue].self, from: Data(text.utf8)).mapValues(\.text)
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

  // MARK: - Generated objects

  /// An object with up to four members.
  private func object(_ random: inout SeededGenerator, depth: Int) -> String {
    let members = (0..<Int.random(in: 0...4, using: &random)).map { number in
      "\(space(&random))\"\(number)\(characters(&random))\"\(space(&random)):\(space(&random))"
        + value(&random, depth: depth) + space(&random)
    }
    return space(&random) + "{" + members.joined(separator: ",") + space(&random) + "}"
      + space(&random)
  }

  private func value(_ random: inout SeededGenerator, depth: Int) -> String {
    switch Int.random(in: 0...(depth < 3 ? 9 : 6), using: &random) {
    case 0: return "null"
    case 1: return Bool.random(using: &random) ? "true" : "false"
    case 2, 3: return number(&random)
    case 4...6: return "\"\(characters(&random))\""
    case 7:
      let elements = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        value(&random, depth: depth + 1) + space(&random)
      }
      return "[\(space(&random))" + elements.joined(separator: ",") + "]"
    default: return object(&random, depth: depth + 1)
    }
  }

  private func number(_ random: inout SeededGenerator) -> String {
    let integer = ["0", "0", "7", "10", "23456", "9007199254740993", "18446744073709551616"]
    let fraction = ["", "", ".0", ".25", ".333"]
    let exponent = ["", "", "e2", "E+10", "e-3"]
    let digits =
      (integer.randomElement(using: &random) ?? "") + (fraction.randomElement(using: &random) ?? "")
    return (Bool.random(using: &random) ? "" : "-") + digits
      + (digits.hasPrefix("0") ? "" : exponent.randomElement(using: &random) ?? "")
  }

  private func characters(_ random: inout SeededGenerator) -> String {
    let pieces = [
      "a", "Z", " ", "é", "€", "🦀", #"\""#, #"\\"#, #"\/"#, #"\n"#, #"\t"#, #"\b"#, #"\f"#, #"\r"#,
      #"\u0041"#, #"\u00E9"#, #"\u20ac"#, #"\ud83e\udd80"#, #"\u0000"#, "\u{7F}", "/", "{", "]",
      ",", ":",
    ]
    return (0..<Int.random(in: 0...5, using: &random))
      .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
  }

  private func space(_ random: inout SeededGenerator) -> String {
    ["", "", "", " ", "\t", "\n", "\r\n "].randomElement(using: &random) ?? ""
  }
}
