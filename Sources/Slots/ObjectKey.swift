internal import Signing
internal import Wire

/// The key of an object in its bucket, below the path of the bucket's URL.
///
/// ```
/// 4bf9…/très cool.jpg
/// profile/6e1f…/4bf9…/très cool.jpg
/// ```
/// The token is what keeps a file private: whoever knows it knows the URL, and nobody can guess it.
struct ObjectKey: ~Copyable {
  private var text = ByteBuffer(capacity: 1_024)
  private var name = ByteBuffer(capacity: FileName.bytesMax)

  /// Bytes of the keyed hash of a JID: 128 bits, so that no two users share a folder.
  private static let ownerBytes = 16

  /// The key, percent-encoded: only the name in it can need that, and both URLs have it.
  var percentEncoded: Span<UInt8> {
    @_lifetime(borrow self)
    get { text.bytes }
  }

  /// Makes the key of a new object, whose name is at `filename` of `texts`; false when the system has no random numbers.
  mutating func set(
    _ service: UploadService, _ purpose: Purpose, _ names: borrowing LoweredNames,
    filename: ByteRange, of texts: borrowing ByteBuffer, _ random: inout RandomBytes
  ) -> Bool {
    text.clear()
    if case .user(let key) = service.keyLayout {
      let owner = key.authenticate(names.bare)
      text.append(purpose.name)
      text.append(UInt8(ascii: "/"))
      text.append(hex: owner.span.extracting(first: Self.ownerBytes))
      text.append(UInt8(ascii: "/"))
    }
    guard random.appendHex(service.tokenBytes, to: &text) else { return false }
    text.append(UInt8(ascii: "/"))
    name.clear()
    FileName.append(texts.bytes[filename], to: &name)
    Self.encode(name, to: &text)
    return true
  }

  private static func encode(_ name: borrowing ByteBuffer, to text: inout ByteBuffer) {
    text.append(percentEncoded: name.bytes)
  }
}
