import TestSupport

extension Client {
  /// The next answer that is none on the way; nil where the server ends before it is whole.
  func finalAnswer(to method: String = "GET") -> Answer? {
    while let answer = answer(toHead: method == "HEAD") {
      if answer.status >= 200 { return answer }
    }
    return nil
  }
}

extension Answer {
  /// What stands in the first element called `name` of the body.
  func element(_ name: String) -> String? { elements(name).first }

  /// What stands in each element called `name` of the body.
  func elements(_ name: String) -> [String] {
    var found: [String] = []
    var rest = text[...]
    while let opening = rest.firstRange(of: "<\(name)>") {
      rest = rest[opening.upperBound...]
      guard let closing = rest.firstRange(of: "</\(name)>") else { break }
      found.append(String(rest[..<closing.lowerBound]))
      rest = rest[closing.upperBound...]
    }
    return found
  }

  /// The code of the error document.
  var code: String? { element("Code") }
}
