/// The last hour as two small pictures: slots a minute, and how long they took.
struct HourPicture {
  let minutes: [History.Minute]

  /// Units of the picture that a minute is wide, and that the picture is high.
  private static let step = 10
  private static let height = 100
  private static let width = History.minutesMax * step

  /// Both pictures with their captions, which say the same in words.
  var figures: String {
    let most = minutes.map { $0.granted + $0.denied }.max() ?? 0
    let granted = minutes.reduce(0) { $0 + $1.granted }
    let denied = minutes.reduce(0) { $0 + $1.denied }
    let slowest = minutes.compactMap(\.tail).max()
    let times = slowest.map { "99 of 100 slots within \(Self.time($0)) in the worst minute." }
    return """
      <figure>\(svg("Slots a minute", bars(most)))
      <figcaption><span class="granted">\(granted) granted</span>, \
      <span class="denied">\(denied) denied</span>; at most \(most) a minute.</figcaption></figure>
      <figure>\(svg("Time that slots took", lines(slowest ?? 1)))
      <figcaption>\(times ?? "No slot has been granted.")</figcaption></figure>
      """
  }

  private func svg(_ title: String, _ content: String) -> String {
    """
    <svg viewBox="0 0 \(Self.width) \(Self.height)" preserveAspectRatio="none" role="img">\
    <title>\(title)</title>\(content)</svg>
    """
  }

  /// The left edge of a minute; the present one is at the right.
  private func x(_ place: Int) -> Int { Self.width - (minutes.count - place) * Self.step }

  private func bars(_ most: UInt64) -> String {
    var bars = ""
    for (place, minute) in minutes.enumerated() where minute.granted + minute.denied > 0 {
      let granted = Self.scaled(minute.granted, most)
      let denied = Self.scaled(minute.denied, most)
      for (name, height, bottom) in [("granted", granted, 0), ("denied", denied, granted)]
      where height > 0 {
        bars += """
          <rect class="\(name)" x="\(x(place))" y="\(Self.height - bottom - height)" \
          width="\(Self.step - 2)" height="\(height)"/>
          """
      }
    }
    return bars
  }

  private func lines(_ slowest: UInt64) -> String {
    line("tail", slowest, \.tail) + line("median", slowest, \.median)
  }

  private func line(
    _ name: String, _ slowest: UInt64, _ value: KeyPath<History.Minute, UInt64?>
  ) -> String {
    let points = minutes.enumerated().compactMap { place, minute in
      minute[keyPath: value].map { value in
        "\(x(place) + Self.step / 2),\(Self.height - Self.scaled(value, slowest))"
      }
    }
    guard !points.isEmpty else { return "" }
    // One point alone would be no line.
    let first =
      points.count == 1 ? points + points.map { "0,\($0.split(separator: ",")[1])" } : points
    return "<polyline class=\"\(name)\" points=\"\(first.joined(separator: " "))\"/>"
  }

  /// The height of `value` where `most` is as high as the picture; what is there at all is seen.
  private static func scaled(_ value: UInt64, _ most: UInt64) -> Int {
    guard value > 0, most > 0 else { return 0 }
    let height = Double(value) / Double(most) * Double(Self.height - 5)
    return min(max(Int(height), 1), Self.height)
  }

  /// Nanoseconds, which are the bound of a bucket, in words.
  private static func time(_ nanoseconds: UInt64) -> String {
    for (name, length) in [("s", UInt64(1_000_000_000)), ("ms", 1_000_000)]
    where nanoseconds >= length {
      return "\(nanoseconds / length) \(name)"
    }
    return "\(nanoseconds / 1_000) µs"
  }
}
