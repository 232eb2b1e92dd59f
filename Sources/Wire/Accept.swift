/// The `Accept` field, as far as it matters between JSON and XML (RFC 9110 §12.5.1).
public enum Accept {
  /// Whether the client prefers XML to JSON: the higher weight wins, and where they are equal, what is named first.
  public static func prefersXML(_ field: Span<UInt8>) -> Bool {
    var xml = 0
    var json = 0
    var xmlFirst = false
    var start = 0
    while start < field.count {
      let end = field.firstIndex(of: UInt8(ascii: ","), from: start) ?? field.count
      let item = field.extracting(start..<end)
      start = end + 1
      let typeEnd = item.firstIndex(of: UInt8(ascii: ";")) ?? item.count
      let type = item.extracting(first: typeEnd).trimmed
      let weight = weight(item.extracting(droppingFirst: typeEnd))
      if type.equalsIgnoringCase("application/xml") || type.equalsIgnoringCase("text/xml") {
        if json == 0, xml == 0 { xmlFirst = true }
        xml = max(xml, weight)
      } else if type.equalsIgnoringCase("application/json") || type.equalsIgnoringCase("*/*")
        || type.equalsIgnoringCase("application/*")
      {
        json = max(json, weight)
      }
    }
    return xml > json || (xml == json && xml > 0 && xmlFirst)
  }

  /// The weight among parameters, in thousandths (`;q=0.5`).
  private static func weight(_ parameters: Span<UInt8>) -> Int {
    var at = 0
    while at + 3 <= parameters.count {
      if parameters[at].asciiLowercased == UInt8(ascii: "q"), parameters[at + 1] == 0x3D {
        guard parameters[at + 2] == UInt8(ascii: "0") else { return 1_000 }
        var value = 0
        var unit = 100
        var digit = at + 4
        while digit < parameters.count, parameters[digit].isDigit, unit > 0 {
          value += Int(parameters[digit] &- 0x30) * unit
          unit /= 10
          digit += 1
        }
        return value
      }
      at += 1
    }
    return 1_000
  }
}
