import Signing
import TestSupport
import Wire

@testable import Slots

/// Names: rules for JIDs, hosts and files, and that every slot which is granted can be used.
///
/// The lines of an input: JID, host, media type, and the rest is the name of the file.
func fuzzNames(_ bytes: [UInt8]) {
  var lines = Lines(bytes)
  let (jid, host, type) = (lines.text(), lines.text(), lines.text())
  let name = String(decoding: lines.rest, as: UTF8.self)
  checkJID(jid)
  checkFileName(name)

  var grantor = Grantor(services)
  var request = SlotRequest()
  for (field, value) in [
    ("jid", jid), ("filename", name), ("size", "5"), ("host", host), ("content_type", type),
  ] where !value.isEmpty {
    guard grantor.take(field, value, into: &request) == nil else { return }
  }
  guard case .granted(let grant) = grantor.decide(request, at: now) else { return }
  let asked = JID(ByteRange(0, jid.utf8.count), in: jid.utf8.span)
  let domain = (asked.map { jid.utf8.span[$0.domain].text } ?? "").asciiLowercased
  if !host.isEmpty {
    require(host.asciiLowercased == "upload." + domain, "\(jid) gets a slot of \(host)")
  }

  let urls = written(65_536) { grantor.write(grant, in: .lines, to: &$0) }
    .split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  var put = SentRequest("PUT", urls[0], [("Content-Length", "5")])
  if !type.isEmpty { put.fields.append(("Content-Type", type)) }
  var signer = Signer()
  require(
    put.verify(at: now, with: &signer, [identity])?.isAccepted == true, "refused: \(put.text)")
  let key = written(4_096) {
    require($0.append(percentDecoded: grantor.encodedKey), "the key is not encoded")
  }
  let stem = written(4_096) { FileName.append(name.utf8.span, to: &$0) }
  require(key.count == 65 + stem.count && key.suffix(stem.count) == stem[...], "another key")
  require(urls[1] == String(urls[0].prefix { $0 != "?" }), "another GET URL: \(urls[1])")
}

private func checkJID(_ text: String) {
  let bytes = text.utf8.span
  guard let jid = JID(ByteRange(0, bytes.count), in: bytes) else { return }
  let bare = bytes[jid.bare].text
  guard let again = JID(ByteRange(0, bare.utf8.count), in: bare.utf8.span) else {
    fatalError("the bare JID of \(text) is none: \(bare)")
  }
  require(bare.utf8.span[again.bare].text == bare, "the bare JID of \(bare) is another")
  require(bare.utf8.span[again.domain].text == bytes[jid.domain].text, "another domain: \(bare)")
}

private func checkFileName(_ name: String) {
  guard !name.isEmpty else { return }
  let kept = written(FileName.askedBytesMax + name.utf8.count) {
    FileName.append(name.utf8.span, to: &$0)
  }
  guard let text = String(validating: kept, as: UTF8.self) else { fatalError("cut in a character") }
  require((1...FileName.bytesMax).contains(kept.count), "\(kept.count) bytes")
  for scalar in text.unicodeScalars {
    require(scalar.properties.generalCategory != .control, "a control character is kept")
    require(scalar != "/" && scalar != "\\", "a slash is kept")
  }
  require(text != "." && text != "..", "a name that means a directory")
  require(
    written(2_048) { FileName.append(kept.span, to: &$0) } == kept, "\(text) changes once more")
}

extension String {
  fileprivate var asciiLowercased: String {
    String(decoding: utf8.map(\.asciiLowercased), as: UTF8.self)
  }
}

private let now: Int64 = 1_800_000_000

private let identity = SigningIdentity(
  Credentials(accessKeyID: "AKIA", secretAccessKey: "secret"), region: "us-east-1")

private let services: UploadServices = {
  do throws(EndpointError) {
    let endpoint = try Endpoint("https://s3.example.org/bucket")
    var rules = UploadService.Rules(
      presigner: Presigner(endpoint, as: identity), get: .plain(endpoint))
    rules.signContentType = .whenGiven
    return UploadServices([
      UploadServices.Entry(
        name: "upload.@HOST@", domains: [], service: UploadService(number: 0, rules: rules))
    ])
  } catch {
    fatalError("\(error)")
  }
}()
