/// The bytes of `text`, one for each character up to U+00FF: how tests write bytes that are no UTF-8.
public func bytes(_ text: String) -> [UInt8] {
  text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
}
