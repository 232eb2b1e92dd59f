internal import Signing

extension Doctor {
  mutating func examineSurroundings(_ probe: ProbeResult) {
    examine(probe)
    examineClock(probe.clockOffset)
    examineTLS()
    examineIPv6()
    examineRights()
  }

  private mutating func examine(_ probe: ProbeResult) {
    if let trouble = probe.obstacle ?? probe.trouble {
      find(Finding("upload", probe.obstacle == nil ? .warning : .bad, trouble))
    } else {
      find(Finding("upload", .ok, "a file goes up, comes back the same and can be deleted"))
    }
  }

  private mutating func examineClock(_ offset: Int?) {
    guard let offset else {
      find(Finding("clock", .skipped, "the bucket does not tell its time"))
      return
    }
    let direction = offset < 0 ? "behind" : "ahead of"
    find(
      abs(offset) <= Trouble.clockOffsetMax
        ? Finding("clock", .ok, "the bucket's differs by \(abs(offset)) s")
        : Finding(
          "clock", .bad, "the bucket's clock is \(abs(offset)) s \(direction) this machine's",
          "set the clock that is wrong, best by NTP"))
  }

  /// Days that a certificate should still have: less, and whatever renews it is late.
  private static let certificateDaysMin = 14

  private mutating func examineTLS() {
    guard presigner.endpoint.isSecure else {
      let host = BucketAddress(presigner.endpoint).authority
      if ["127.", "localhost", "[::1]"].contains(where: host.hasPrefix) {
        find(Finding("TLS", .note, "none, and nothing leaves this machine"))
        return
      }
      find(
        Finding(
          "TLS", .warning,
          "s3.bucket_url is http, so files and links cross the network in the open",
          "use https; many clients upload to nothing else"))
      return
    }
    var request = HTTPRequest(.head, presigner.endpoint.description)
    request.isOnFreshConnection = true
    switch send(request) {
    case .failure(let error): find(Finding("TLS", .bad, Trouble(error)))
    case .success(let response):
      guard let expiresAt = response.certificate?.expiresAt else {
        find(Finding("TLS", .ok, "the certificate is good"))
        return
      }
      let days = (expiresAt - WallClock.unixSeconds) / 86_400
      find(
        days >= Self.certificateDaysMin
          ? Finding("TLS", .ok, "the certificate is good for another \(days) days")
          : Finding(
            "TLS", .warning, "the certificate ends in \(days) days",
            "see why it has not been renewed yet"))
    }
  }

  private mutating func examineIPv6() {
    var request = HTTPRequest(.head, presigner.endpoint.description)
    request.addressFamily = .v6
    switch send(request) {
    case .success: find(Finding("IPv6", .ok, "the bucket answers on IPv6"))
    case .failure(let error):
      find(Finding("IPv6", .note, "clients need IPv4 to reach the bucket (\(error.problem))"))
    }
  }

  /// What the access key can do that slotd does not need.
  private mutating func examineRights() {
    if bucket.isEmbedded {
      find(Finding("rights", .ok, "nobody but slotd has the bucket's access key"))
      return
    }
    let client = S3Client(
      presigner.endpoint, as: presigner.identity, over: transport, caFile: bucket.caFile)
    examineRight("list", "list the bucket") { () throws(S3Failure) in
      _ = try client.list(max: 1)
    }
    // A name that no file has, and that is none of those which the least policy lets the key delete.
    let stranger = "of-nobody-\(folder.dropLast())"
    examineRight("delete", "delete users' files") { () throws(S3Failure) in
      try client.delete(stranger)
    }
  }

  private mutating func examineRight(
    _ verb: String, _ deed: String, _ attempt: () throws(S3Failure) -> Void
  ) {
    let check = "right to \(verb)"
    do throws(S3Failure) {
      try attempt()
      find(
        Finding(
          check, .note, "the access key can \(deed), which slots do not need",
          "leave it the rights in the policy that slotd bucket setup --print writes, and no others")
      )
    } catch {
      if case .refused(let response) = error, S3Error(response).code == "AccessDenied" {
        find(Finding(check, .ok, "the access key cannot \(deed), and need not"))
      } else {
        let trouble = error.trouble(during: .list, of: bucket)
        find(Finding(check, .skipped, "no verdict: \(trouble.problem)"))
      }
    }
  }
}
