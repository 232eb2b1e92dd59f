import Testing

@testable import EmbeddedBucket

@Suite struct MediaSafetyTests {
  @Test(arguments: [
    ("image/jpeg", true, "a picture"),
    ("IMAGE/PNG", true, "case does not matter"),
    ("image/svg+xml", false, "may hold scripts"),
    ("image/svg", false, "may be taken for it"),
    ("audio/ogg; codecs=opus", true, "with a parameter"),
    ("video/mp4", true, "a film"),
    ("text/plain", true, "plain text"),
    ("text/plain;charset=utf-8", true, "with a parameter"),
    (" text/plain", true, "white space before it"),
    ("text/html", false, "the thing to be afraid of"),
    ("text/plain2", false, "another type"),
    ("application/pdf", false, "a program of its own"),
    ("application/octet-stream", false, "anything"),
    ("", false, "nothing"),
    ("text/html;image/png", false, "a type is what stands before the semicolon"),
  ])
  func type(_ type: String, _ isShown: Bool, _ reason: String) {
    #expect(MediaSafety.mayBeShown(Array(type.utf8)) == isShown, "\(reason)")
  }

  @Test(
    arguments: [
      ("image/png", nil, nil, "shown, as it would be"),
      ("image/png", "inline; filename=a.png", "inline; filename=a.png", "as it was stored"),
      ("image/png", "attachment", "attachment", "as it was stored"),
      ("text/html", nil, "attachment", "saved"),
      ("text/html", "inline", "attachment", "saved, whatever its sender wants"),
      ("text/html", "attachment; filename=a", "attachment; filename=a", "the name is kept"),
      ("text/html", "Attachment; filename=a", "Attachment; filename=a", "in any case"),
    ] as [(String, String?, String?, String)])
  func disposition(_ type: String, _ stored: String?, _ expected: String?, _ reason: String) {
    let disposition = MediaSafety.disposition(
      stored.map { Array($0.utf8) }, contentType: Array(type.utf8))
    #expect(disposition == expected.map { Array($0.utf8) }, "\(reason)")
  }
}
