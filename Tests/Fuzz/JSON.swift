import TestSupport

/// JSON objects: the reader and the decoder of FoundationEssentials agree.
func fuzzJSON(_ bytes: [UInt8]) {
  if case .none(let what) = JSONAgreement(bytes) { fatalError(what) }
}
