/// The way to a value from the top of a TOML text: keys, and the places in arrays as numbers.
struct TOMLPath: Hashable, Sendable, CustomStringConvertible {
  var parts: [String]

  init(_ parts: [String] = []) { self.parts = parts }

  func appending(_ part: String) -> TOMLPath { TOMLPath(parts + [part]) }

  /// The path as TOML writes it: `hosts."upload.@HOST@".s3.region`.
  var description: String {
    parts.map { part in
      let bare = part.utf8.allSatisfy(TOMLText.isBare)
      return bare && !part.isEmpty ? part : TOMLText.quoted(part)
    }.joined(separator: ".")
  }
}

/// Strings as TOML writes them.
enum TOMLText {
  /// Whether a byte may stand in a key without quotes.
  static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }

  /// `text` between quotes, with what TOML wants escaped.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
