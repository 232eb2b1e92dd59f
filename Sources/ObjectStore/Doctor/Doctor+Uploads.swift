internal import Signing

extension Doctor {
  /// The rows that need a bucket which takes uploads.
  static let uploadChecks = [
    "size", "expired URL", "changed URL", "content type", "ACL", "names", "status of uploads",
    "region", "addressing", "anonymous reading",
  ]

  /// Names that other upload services break: each has something that must be escaped, once and in the right way.
  private static let names = [
    "très cool.jpg", "a b+c&d.txt", "100%.jpg", "it's (1).jpg", "k=v;w:x,y@z!$.txt", "~tilde*.txt",
    "#hash?mark.txt", "[a]{b}|c^d`e\"f<g>.txt", "日本語.png", "👩‍🚀.webp", "%41.txt",
    // An accent that stands by itself, which some file systems join to its letter.
    "e\u{301}.txt", "-_.~", String(repeating: "n", count: 251) + ".txt",
  ]

  mutating func examineUploads() {
    examineStatus()
    examineRefusals()
    examineACL()
    examineNames()
    examineRegion()
  }

  private mutating func examineStatus() {
    guard case .success(let response) = put(Upload("status.txt")), response.isSuccess else {
      return
    }
    find(
      response.status == 201
        ? Finding("status of uploads", .ok, "201, as XEP-0363 has it")
        : Finding(
          "status of uploads", .note,
          "\(response.status), where XEP-0363 has 201: Siskin and Beagle IM take it for a failure",
          "\(bucket.toCreate), if your users have those clients"))
  }

  /// What a bucket must refuse, so that a slot is good for the one file that it was asked for.
  private mutating func examineRefusals() {
    var larger = Upload("larger.txt")
    larger.signedSize = larger.body.count - 1
    expectRefusal(
      "size", larger, "a file that is a byte larger than signed", .warning,
      "this back end does not enforce the signed size: limit uploads in a proxy before it")

    var expired = Upload("expired.txt")
    expired.age = 7200
    expectRefusal(
      "expired URL", expired, "an upload by a URL that has ended", .bad,
      "this back end does not look at the expiry: have a proxy before it look")

    var changed = Upload("changed.txt")
    changed.isTampered = true
    expectRefusal(
      "changed URL", changed, "an upload by a URL with a wrong signature", .bad,
      "this back end checks no signatures, so anybody can write: do not use it")

    var typed = Upload("typed.txt")
    typed.signedType = "image/png"
    typed.sentType = "text/html"
    expectRefusal(
      "content type", typed, "a file of another type than signed", .note,
      "sign_content_type has no effect here")
  }

  private mutating func expectRefusal(
    _ check: String, _ upload: Upload, _ what: String, _ otherwise: Finding.Verdict,
    _ remedy: String
  ) {
    let outcome = put(upload)
    switch outcome {
    case .success(let response) where response.isSuccess:
      find(Finding(check, otherwise, "\(what) is taken (\(outcome.words))", remedy))
    case .success(let response) where response.status < 500:
      find(Finding(check, .ok, "\(what) is refused (\(outcome.words))"))
    default: find(Finding(check, .skipped, "no verdict: \(outcome.words)"))
    }
  }

  private mutating func examineACL() {
    let withACL = Presigner(presigner.endpoint, as: presigner.identity, addsACL: true)
    let outcome = put(Upload("acl.txt"), signedBy: withACL)
    let verdict: Finding.Verdict = bucket.addsACL ? .bad : .note
    guard outcome.isDone else {
      find(
        Finding(
          "ACL", verdict, "x-amz-acl in the query is refused (\(outcome.words))",
          bucket.addsACL
            ? "set s3.add_acl = false, and let everyone read with the policy that slotd bucket setup --print writes"
            : nil))
      return
    }
    _ = put(Upload("no-acl.txt"))
    switch (get(plainURL("acl.txt")).isDone, get(plainURL("no-acl.txt")).isDone) {
    case (true, false):
      find(Finding("ACL", .ok, "x-amz-acl in the query is obeyed: such files can be read by all"))
    case (false, _):
      find(
        Finding(
          "ACL", verdict, "x-amz-acl in the query is ignored",
          bucket.addsACL ? "set s3.add_acl = false, and let everyone read in another way" : nil))
    case (true, true):
      find(Finding("ACL", .note, "x-amz-acl in the query makes no difference: all can read anyway"))
    }
  }

  private mutating func examineNames() {
    var broken: [String] = []
    for name in Self.names {
      let outcome = put(Upload(name))
      guard outcome.isDone else {
        broken.append("\(name) (\(outcome.words))")
        continue
      }
      let read = get(url(.get, name))
      if case .success(let response) = read, response.isSuccess,
        response.body == Upload(name).body
      {
        continue
      }
      broken.append("\(name) (reading: \(read.words))")
    }
    let count = Self.names.count
    find(
      broken.isEmpty
        ? Finding("names", .ok, "all of \(count) unusual file names work")
        : Finding(
          "names", .bad,
          "\(broken.count) of \(count) unusual file names fail: \(broken.joined(separator: ", "))",
          "see whether a proxy before the bucket rewrites paths; it must pass them on as they are"))
  }

  private mutating func examineRegion() {
    let other = SigningIdentity(presigner.identity.credentials, region: "nowhere-1")
    let outcome = put(
      Upload("region.txt"), signedBy: Presigner(presigner.endpoint, as: other))
    find(
      outcome.isDone
        ? Finding("region", .note, "any region is taken, so s3.region does not matter")
        : Finding(
          "region", .ok, "\(bucket.region) is right, and another is refused (\(outcome.words))"))
  }
}
