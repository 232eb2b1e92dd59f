/// Where something stands in a text: line and column from 1, the column in bytes.
struct TextPlace: Equatable, Sendable {
  var line: Int
  var column: Int
}

/// A text that cannot be read at all, in a sentence that repeats no value of it.
struct SyntaxFault: Error, Equatable {
  var place: TextPlace
  var sentence: String
}
