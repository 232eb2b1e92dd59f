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
    var start = 0
    while start < parameters.count {
      let end = parameters.firstIndex(of: UInt8(ascii: ";"), from: start) ?? parameters.count
      let parameter = parameters.extracting(start..<end).trimmed
      start = end + 1
      guard parameter.count >= 3, parameter[0].asciiLowercased == UInt8(ascii: "q"),
        parameter[1] == UInt8(ascii: "=")
      else { continue }
      guard parameter[2] == UInt8(ascii: "0") else { return 1_000 }
      var value = 0
      var unit = 100
      for i in 4..<max(parameter.count, 4) where parameter[i].isDigit {
        value += Int(parameter[i] &- 0x30) * unit
        unit /= 10
      }
      return value
    }
    return 1_000
  }
}
