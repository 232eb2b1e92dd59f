/// Which series there are: families, and what tells the series of a family apart.
///
/// A series that was listed once keeps its cells for as long as the process lives, so that its numbers survive any number of
/// configurations without it; it is shown as long as the present one lists it.
public struct Listing: Sendable {
  struct Series: Sendable {
    /// `host="upload.@HOST@",outcome="granted"`; empty where the family has one series only.
    let labels: String
    /// Its first cell; -1 where it has none, because it is set and not counted.
    let cell: Int
    /// What it was set to, if ever.
    var value: Double?
    /// Whether it is left out as long as it is zero.
    let hidesZero: Bool
    var isShown = true
  }

  struct Group: Sendable {
    let family: Family
    /// Numbers of its series.
    var series: [Int] = []
    var numbers: [String: Int] = [:]
  }

  private(set) var groups: [Group] = []
  private(set) var series: [Series] = []
  private(set) var cellCount = 0
  private var groupNumbers: [String: Int] = [:]

  /// Lists a counter with these labels, whose values may hold anything; the same one again where it is known. Where most of many
  /// never leave zero, `hidesZero` keeps those out of the text.
  public mutating func counter(
    _ family: Family, _ labels: [(StaticString, String)] = [], hidesZero: Bool = false
  ) -> Counter {
    Counter(cell: series[list(family, labels, cells: 1, hidesZero: hidesZero)].cell)
  }

  /// Lists a histogram with these labels. Its family must be one of histograms.
  public mutating func histogram(_ family: Family, _ labels: [(StaticString, String)] = [])
    -> Histogram
  {
    guard case .histogram(let buckets) = family.kind else {
      preconditionFailure("a histogram's family has buckets")
    }
    let number = list(family, labels, cells: buckets.count + 2)
    return Histogram(cell: series[number].cell, buckets: buckets)
  }

  /// Lists a value that is set and not counted, whatever kind of family it belongs to. It is not shown before it is set.
  public mutating func gauge(_ family: Family, _ labels: [(StaticString, String)] = []) -> Gauge {
    Gauge(series: list(family, labels, cells: 0))
  }

  /// Hides everything, until it is listed again.
  mutating func hideAll() {
    for i in series.indices { series[i].isShown = false }
  }

  mutating func set(_ number: Int, _ value: Double) { series[number].value = value }

  private mutating func list(
    _ family: Family, _ labels: [(StaticString, String)], cells: Int, hidesZero: Bool = false
  ) -> Int {
    let group = groupNumber(family)
    let text = Self.text(labels)
    if let known = groups[group].numbers[text] {
      series[known].isShown = true
      return known
    }
    let number = series.count
    series.append(Series(labels: text, cell: cells > 0 ? cellCount : -1, hidesZero: hidesZero))
    cellCount += cells
    groups[group].series.append(number)
    groups[group].numbers[text] = number
    return number
  }

  private mutating func groupNumber(_ family: Family) -> Int {
    let name = family.name.description
    if let known = groupNumbers[name] { return known }
    groupNumbers[name] = groups.count
    groups.append(Group(family: family))
    return groups.count - 1
  }

  /// The labels as the text format has them: in a value, `\`, `"` and line ends are escaped.
  private static func text(_ labels: [(StaticString, String)]) -> String {
    var parts: [String] = []
    for (name, value) in labels {
      var escaped = ""
      for scalar in value.unicodeScalars {
        switch scalar {
        case "\\": escaped += "\\\\"
        case "\"": escaped += "\\\""
        case "\n": escaped += "\\n"
        default: escaped.unicodeScalars.append(scalar)
        }
      }
      parts.append("\(name)=\"\(escaped)\"")
    }
    return parts.joined(separator: ",")
  }
}
