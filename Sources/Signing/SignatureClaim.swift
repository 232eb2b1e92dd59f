internal import Wire

/// What a request says of its own signature, taken out of the query or out of the field `Authorization`, and not yet believed.
///
/// The ranges are places in the signer's text of claims, where values stand decoded.
struct SignatureClaim {
  let form: SignatureRefusal.Form
  /// Who signed.
  let accessKeyID: ByteRange
  /// The day, the region and the service that the key is for.
  let day: ByteRange
  let region: ByteRange
  let service: ByteRange
  /// When it was signed.
  let date: AmzDate
  /// Seconds for which a presigned URL is good.
  let lifetime: Int64
  /// The names of the signed fields, with semicolons between them.
  let signedFields: ByteRange
  let signature: ByteRange
  let token: ByteRange?
  /// The word or the hash for the payload; empty where there has to be one and is none.
  let payload: ByteRange
  /// The credential as it was sent, by its place in the request head.
  let subject: ByteRange
}

/// The parts of a credential: `AKIA…/20261121/eu-west-1/s3/aws4_request`.
struct CredentialParts {
  let accessKeyID: ByteRange
  let day: ByteRange
  let region: ByteRange
  let service: ByteRange

  /// Takes apart what stands at `range` of `text`, or returns nil. An access key may hold slashes, what follows it may not.
  init?(_ range: ByteRange, in text: Span<UInt8>) {
    let credential = text[range]
    var slashes = [4 of Int](repeating: 0)
    var missing = 4
    var i = credential.count
    while missing > 0, i > 0 {
      i -= 1
      if credential[i] == UInt8(ascii: "/") {
        missing -= 1
        slashes[missing] = i
      }
    }
    guard missing == 0, slashes[0] > 0,
      credential.extracting((slashes[3] + 1)...).equals("aws4_request")
    else { return nil }
    let start = Int(range.lower)
    accessKeyID = ByteRange(start, start + slashes[0])
    day = ByteRange(start + slashes[0] + 1, start + slashes[1])
    region = ByteRange(start + slashes[1] + 1, start + slashes[2])
    service = ByteRange(start + slashes[2] + 1, start + slashes[3])
  }
}

/// The names of the signed fields: `content-length;host`.
struct SignedFieldNames: ~Escapable {
  let text: Span<UInt8>

  @_lifetime(copy text)
  init(_ text: Span<UInt8>) { self.text = text }

  /// Whether each name is there once, in lower case and in order, as the canonical request wants them.
  var isCanonical: Bool {
    var start = 0
    var previous = 0..<0
    while start <= text.count {
      let end = self.end(from: start)
      guard start < end else { return false }
      for i in start..<end {
        guard text[i].isTokenCharacter, text[i].asciiLowercased == text[i] else { return false }
      }
      guard text.extracting(previous).precedes(text.extracting(start..<end)) else { return false }
      previous = start..<end
      start = end + 1
    }
    return true
  }

  /// Whether the field called `name`, in whatever case, is among them.
  func contains(_ name: Span<UInt8>) -> Bool {
    var start = 0
    while start < text.count {
      let end = self.end(from: start)
      if name.spells(text.extracting(start..<end)) { return true }
      start = end + 1
    }
    return false
  }

  /// Where the name that begins at `start` ends.
  func end(from start: Int) -> Int {
    text.firstIndex(of: UInt8(ascii: ";"), from: start) ?? text.count
  }
}

extension Span<UInt8> {
  /// Whether these bytes are `name`, which is in lower case, where ASCII case does not matter.
  func spells(_ name: Span<UInt8>) -> Bool {
    guard count == name.count else { return false }
    for i in indices where self[i].asciiLowercased != name[i] { return false }
    return true
  }
}
