internal import Wire

/// What the value of a key may be: the words that say so, and the reader that enforces them.
struct Form<Value: Sendable>: Sendable {
  /// Completes "… is not": "a whole number from 1 to 1024".
  let allowed: String
  let read: @Sendable (Raw) throws(Fault) -> Value

  init(_ allowed: String, read: @escaping @Sendable (Raw) throws(Fault) -> Value) {
    self.allowed = allowed
    self.read = read
  }

  /// A form read by `convert`, which answers nil for what is not allowed.
  init(_ allowed: String, convert: @escaping @Sendable (Raw) -> Value?) {
    self.init(allowed) { (raw) throws(Fault) in
      guard let value = convert(raw) else { throw Fault("\(raw.shown) is not \(allowed)") }
      return value
    }
  }
}

extension Form<Bool> {
  static var boolean: Form { Form("true or false") { $0.boolean } }
}

extension Form<Int> {
  static func integer(_ range: ClosedRange<Int>, _ unit: String = "") -> Form {
    let unit = unit.isEmpty ? "" : " of \(unit)"
    let open = range.upperBound == .max
    let bounds =
      open ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
    let allowed = "a whole number\(unit), \(bounds)"
    return Form(allowed) { (raw) throws(Fault) in
      guard let number = raw.integer else { throw Fault("\(raw.shown) is not \(allowed)") }
      if number < range.lowerBound {
        throw Fault("\(number) is too small: at least \(range.lowerBound)")
      }
      if number > range.upperBound {
        throw Fault("\(number) is too large: at most \(range.upperBound)")
      }
      return number
    }
  }

  /// Days, written `30d`, or weeks and years of 7 and 365 of them.
  static var days: Form {
    Form(#"a time of 1 to 36500 days, written "30d", "2w" or "1y""#) { raw in
      guard let text = raw.text, let unit = text.last, let count = Int(text.dropLast()),
        let days = ["d": 1, "w": 7, "y": 365][unit], (1...36500).contains(count),
        count * days <= 36500
      else { return nil }
      return count * days
    }
  }
}

extension Form<String> {
  /// A text that is not empty.
  static func text(_ allowed: String) -> Form {
    Form(allowed) { raw in raw.text.flatMap { $0.isEmpty ? nil : $0 } }
  }

  /// An http or https URL; what is wrong with one is said without repeating it.
  static var url: Form {
    let allowed = "an http or https URL"
    return Form(allowed) { (raw) throws(Fault) in
      guard let text = raw.text else { throw Fault("\(raw.shown) is not \(allowed)") }
      _ = try WebAddress(text)
      return text
    }
  }
}

extension Form where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  static var choice: Form {
    let names = Value.allCases.map { TOMLText.quoted($0.rawValue) }
    let allowed = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    return Form(allowed) { raw in raw.text.flatMap(Value.init(rawValue:)) }
  }
}

extension Form {
  /// A list of texts, each read by `element`, which answers nil for what is not `allowed`.
  static func list<Element: Sendable>(
    _ allowed: String, of element: @escaping @Sendable (String) -> Element?
  ) -> Form where Value == [Element] {
    Form("a list, each part \(allowed)") { (raw) throws(Fault) in
      guard let texts = raw.texts else {
        throw Fault("\(raw.shown) is not a list of texts, each \(allowed)")
      }
      var elements: [Element] = []
      for text in texts {
        guard let value = element(text) else { throw Fault("\(text.shown) is not \(allowed)") }
        elements.append(value)
      }
      return elements
    }
  }
}

// MARK: - Forms of one key each

extension Form<[ListenAddress]> {
  static var addresses: Form {
    let one = Form<[ListenAddress]>.list(ListenAddress.allowed) { ListenAddress($0) }
    return Form(one.allowed) { (raw) throws(Fault) in
      let addresses = try one.read(raw)
      guard !addresses.isEmpty else { throw Fault("the list is empty: name one address at least") }
      guard addresses.count <= Limits.listenersMax else {
        throw Fault("the list holds \(addresses.count) addresses: at most \(Limits.listenersMax)")
      }
      guard Set(addresses).count == addresses.count else {
        throw Fault("the list holds an address twice")
      }
      return addresses
    }
  }
}

extension Form<ListenAddress> {
  static var address: Form {
    Form(ListenAddress.allowed) { raw in raw.text.flatMap { ListenAddress($0) } }
  }
}

extension ListenAddress {
  static let allowed =
    #"an address such as "127.0.0.1:5480", "[::1]:5480" or "unix:/run/slotd/slotd.sock""#
}

extension Form<Workers> {
  static var workers: Form {
    Form(#""auto" or a whole number from 1 to 1024"#) { raw in
      if raw.text == "auto" { return .auto }
      return raw.integer.flatMap { (1...1024).contains($0) ? .count($0) : nil }
    }
  }
}

extension Form<MaxFileSize> {
  static var maxFileSize: Form {
    Form(#"a whole number of bytes, 1 or more, or "infinity""#) { raw in
      if raw.text == "infinity" { return .unlimited }
      return raw.integer.flatMap { $0 >= 1 ? .bytes($0) : nil }
    }
  }
}

extension Form<AccessRule> {
  static var access: Form {
    let allowed = #""local", "all" or a list of domains and bare JIDs"#
    return Form(allowed) { (raw) throws(Fault) in
      if raw.text == "local" { return .local }
      if raw.text == "all" { return .all }
      guard let texts = raw.texts else { throw Fault("\(raw.shown) is not \(allowed)") }
      var (domains, jids): ([String], [String]) = ([], [])
      for text in texts.map({ $0.lowercased() }) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let domain = parts.last, DomainName.isValid(String(domain)), parts[0] != "" else {
          throw Fault("\(text.shown) is neither a domain nor a bare JID")
        }
        if parts.count == 2 { jids.append(text) } else { domains.append(text) }
      }
      return .list(domains: domains, jids: jids)
    }
  }
}
