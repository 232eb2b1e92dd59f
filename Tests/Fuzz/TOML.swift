import Wire

@testable import Settings

/// Configurations: what is read is the same when it is written again, any text loads or is refused in sentences, and what is imported
/// loads.
func fuzzTOML(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  if let document = try? TOMLDocument(text), !document.root.isEmpty {
    let again = try? TOMLDocument(document.root.toml)
    require(again?.root == document.root, "another document: \(document.root.toml)")
  }
  let files = FileReader { _ throws(FileReader.Failure) in throw FileReader.Failure("is not there")
  }
  if case .failure(let mistakes) = Configuration.load(text: text, named: "a", files: files).result {
    require(!mistakes.all.isEmpty, "refused for nothing")
  }
  for name in ["a.toml", "a.yml"] {
    guard case .success(let imported) = Import.read(text, named: name) else { continue }
    let loaded = Configuration.load(text: imported.text, named: name, files: files)
    if case .failure(let mistakes) = loaded.result { fatalError("\(mistakes)") }
  }
}

extension [String: TOMLDocument.Value] {
  /// The keys as the inside of a table, a line each at the top.
  fileprivate var toml: String {
    map { "\(TOMLText.quoted($0.key)) = \($0.value.toml)" }.joined(separator: "\n")
  }
}

extension TOMLDocument.Value {
  fileprivate var toml: String {
    switch self {
    case .text(let text): TOMLText.quoted(text)
    case .integer(let number): "\(number)"
    case .boolean(let truth): "\(truth)"
    case .list(let values): "[\(values.map(\.toml).joined(separator: ", "))]"
    case .table(let table): "{\(table.toml.replacing("\n", with: ", "))}"
    case .other(let kind): kind.contains("fraction") ? "0.5" : "07:32:00"
    }
  }
}
