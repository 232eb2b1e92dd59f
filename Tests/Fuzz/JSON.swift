import TestSupport

/// JSON objects: the reader and the decoder of FoundationEssentials agree.
@c(LLVMFuzzerTestOneInput)
public func fuzzJSON(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  if case .none(let what) = JSONAgreement(bytes) { fatalError(what) }
  return 0
}
