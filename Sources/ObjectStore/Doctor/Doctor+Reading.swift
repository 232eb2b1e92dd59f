internal import Signing

extension Doctor {
  mutating func examineReading() {
    examineAddressing()
    examineAnonymousReading()
  }

  private mutating func examineAddressing() {
    let address = BucketAddress(presigner.endpoint)
    let other: BucketAddress.Style = address.style == .path ? .virtualHost : .path
    guard let url = address.url(in: other), let endpoint = try? Endpoint(url) else {
      find(
        Finding(
          "addressing", .ok, "\(address.style.rawValue) style works; the other has no name here"))
      return
    }
    let signed = Presigner(endpoint, as: presigner.identity)
    let outcome = put(Upload("addressing.txt"), signedBy: signed)
    find(
      outcome.isDone
        ? Finding("addressing", .ok, "both styles work; \(address.style.rawValue) is configured")
        : Finding(
          "addressing", .ok,
          "\(address.style.rawValue) style works, \(other.rawValue) style does not (\(outcome.words))"
        ))
  }

  private mutating func examineAnonymousReading() {
    let check = "anonymous reading"
    guard put(Upload("anonymous.txt")).isDone else { return }
    let outcome = get(plainURL("anonymous.txt"))
    switch (outcome.isDone, bucket.reading) {
    case (true, .bucket):
      find(Finding(check, .ok, "everyone who knows a file's URL can read it, as configured"))
    case (false, .bucket):
      find(
        Finding(
          check, .bad, "nobody can read what was uploaded (\(outcome.words))", bucket.toOpen))
    case (true, .signed):
      find(
        Finding(
          check, .warning, "everyone can read without a signature, though get = \"presigned\"",
          bucket.toClose))
    case (false, .signed):
      find(Finding(check, .ok, "refused (\(outcome.words)), as it should be with signed URLs"))
    case (true, .elsewhere):
      find(
        Finding(
          check, .note, "the bucket itself can be read too, past s3.download_url",
          "let only the server at s3.download_url read, if it is to filter or to count"))
    case (false, .elsewhere):
      find(Finding(check, .ok, "refused (\(outcome.words)); readers go through s3.download_url"))
    }
  }

  /// Asks as a browser does before it uploads (https://fetch.spec.whatwg.org/#cors-preflight-fetch).
  mutating func examineOrigins() {
    if origins.isEmpty {
      find(
        Finding(
          "CORS", .skipped, "no web client was named",
          "name each with --origin https://chat.example.org"))
    }
    for origin in origins {
      var request = HTTPRequest(.options, url(.put, "cors.txt"))
      request.fields = [
        HTTPField("Origin", origin), HTTPField("Access-Control-Request-Method", "PUT"),
        HTTPField("Access-Control-Request-Headers", "content-type"),
      ]
      let remedy =
        "allow PUT with content-type from \(origin) in the bucket's CORS rules, which slotd bucket setup --print writes"
      let outcome = send(request)
      guard case .success(let response) = outcome, response.isSuccess else {
        find(
          Finding(
            "CORS \(origin)", .bad, "web clients may not upload (\(outcome.words))", remedy))
        continue
      }
      let missing = Self.missing(response, origin)
      find(
        missing.isEmpty
          ? Finding("CORS \(origin)", .ok, "web clients may upload")
          : Finding(
            "CORS \(origin)", .bad,
            "web clients may not upload, because the answer lacks \(missing.joined(separator: " and "))",
            remedy))
    }
  }

  private static func missing(_ response: HTTPResponse, _ origin: String) -> [String] {
    func allows(_ name: String, _ value: String) -> Bool {
      response.list("access-control-allow-\(name)").contains {
        $0 == "*" || $0.lowercased() == value
      }
    }
    return [
      allows("origin", origin.lowercased()) ? nil : "its origin",
      allows("methods", "put") ? nil : "the method PUT",
      allows("headers", "content-type") ? nil : "the field content-type",
    ].compactMap { $0 }
  }
}
