import TestSupport
import Testing

/// The reader against the decoder of FoundationEssentials: both must take and refuse the same bytes, and see the same members.
struct JSONAgreementTests {
  @Test func generatedObjects() {
    var random = SeededGenerator(seed: 8259)
    var taken = 0
    for _ in 0..<500 {
      let text = object(&random, depth: 1)
      let agreement = JSONAgreement(Array(text.utf8))
      #expect(agreement == .bothTake || agreement == .leftOut)
      if agreement == .bothTake { taken += 1 }
    }
    #expect(taken > 400)
  }

  @Test func mutatedObjects() {
    var random = SeededGenerator(seed: 7159)
    var counts = (taken: 0, refused: 0)
    for _ in 0..<4_000 {
      let bytes = mutate(
        Array(object(&random, depth: 1).utf8),
        alphabet: Array("{}[]\":,\\ \t\n0123456789+-.eEu/tfnrbdD8\u{1}'aé".utf8), using: &random)
      switch JSONAgreement(bytes) {
      case .bothTake: counts.taken += 1
      case .bothRefuse: counts.refused += 1
      case .leftOut: break
      case .none(let what): Issue.record("\(what)")
      }
    }
    #expect(counts.taken > 400)
    #expect(counts.refused > 400)
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
