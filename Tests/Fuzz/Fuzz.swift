import Glibc
import Wire

/// All that is fuzzed, by the name that the variable `FUZZ` chooses it with. Each takes any bytes, and stops the process where what
/// it promises does not hold.
private let fuzzers: [String: @Sendable ([UInt8]) -> Void] = [
  "body": fuzzBody, "head": fuzzHead, "json": fuzzJSON, "names": fuzzNames, "query": fuzzQuery,
  "signature": fuzzSignature, "text": fuzzText, "toml": fuzzTOML, "xml": fuzzXML,
]

private let fuzzer: @Sendable ([UInt8]) -> Void = {
  // Safe: nothing here changes the environment.
  let name = unsafe getenv("FUZZ").map { unsafe String(cString: $0) }
  guard let fuzzer = name.flatMap({ fuzzers[$0] }) else {
    fatalError("set FUZZ to one of \(fuzzers.keys.sorted().joined(separator: ", "))")
  }
  return fuzzer
}()

/// The function that libFuzzer calls with one input after the other.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  fuzzer(unsafe Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}

/// Stops the process, which libFuzzer reports, where something that was promised does not hold.
func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
  guard holds else { fatalError(promise()) }
}

/// The lines of an input, each an argument of what is fuzzed: what seeds can be written in by hand.
struct Lines {
  /// What no line was taken of yet.
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// The next line; nothing where there is none.
  mutating func next() -> [UInt8] {
    let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
    defer { rest = rest[end...].dropFirst() }
    return Array(rest[..<end])
  }

  /// The next line as text; U+FFFD stands for what is not UTF-8.
  mutating func text() -> String { String(decoding: next(), as: UTF8.self) }

  /// The next line as a number; 0 where it is none.
  mutating func number() -> Int { Int(text()) ?? 0 }
}

/// What `write` leaves in a buffer of `capacity` bytes, which must be enough.
func written(_ capacity: Int, _ write: (inout ByteBuffer) -> Void) -> [UInt8] {
  var buffer = ByteBuffer(capacity: capacity)
  write(&buffer)
  require(!buffer.overflowed, "\(capacity) bytes are not enough")
  return buffer.bytes.indices.map { buffer.bytes[$0] }
}
