import Testing

@testable import ObjectStore

struct TroubleTests {
  struct Row: CustomTestStringConvertible, Sendable {
    var code: String
    var status = 403
    var message = ""
    var more = ""
    var phase = Phase.put
    var change: @Sendable (inout BucketView) -> Void = { _ in }
    var clockOffset = 0
    var problem: String
    var remedy: String
    var testDescription: String { "\(code) \(status) \(phase) \(message)" }
  }

  @Test(arguments: [
    Row(
      code: "AccessControlListNotSupported", status: 400, problem: "has ACLs switched off",
      remedy: "s3.add_acl = false"),
    Row(
      code: "InvalidBucketAclWithObjectOwnership", status: 400, problem: "has ACLs switched off",
      remedy: "s3.add_acl = false"),
    Row(
      code: "SignatureDoesNotMatch", problem: "another signature for the access key AKIA…",
      remedy: "correct s3.region (eu-west-1)"),
    Row(
      code: "InvalidAccessKeyId", problem: "does not know the access key AKIA…",
      remedy: "correct s3.access_key_id"),
    Row(
      code: "ExpiredToken", status: 400, problem: "session", remedy: "renew key and session token"),
    Row(
      code: "ExpiredToken", status: 400, message: "The provided token has expired.",
      problem: "session of the temporary access key", remedy: "renew key"),
    Row(code: "InvalidToken", status: 400, problem: "session token", remedy: "s3.session_token"),
    Row(
      code: "AuthorizationHeaderMalformed", status: 400, more: "<Region>eu-west-3</Region>",
      problem: "in the region eu-west-3 and not in eu-west-1", remedy: "s3.region = \"eu-west-3\""),
    Row(
      code: "AuthorizationQueryParametersError", status: 400,
      message: "the region 'eu-west-1' is wrong; expecting 'us-east-1'",
      problem: "in the region us-east-1", remedy: "s3.region = \"us-east-1\""),
    Row(
      code: "AuthorizationHeaderMalformed", status: 400, message: "The region is wrong.",
      problem: "does not take signatures for the region eu-west-1 (The region is wrong.)",
      remedy: "set s3.region"),
    Row(
      code: "PermanentRedirect", status: 301,
      more: "<Endpoint>bucket.s3.eu-west-3.amazonaws.com</Endpoint>",
      problem: "clients on to bucket.s3.eu-west-3.amazonaws.com", remedy: "set s3.bucket_url"),
    Row(
      code: "RequestTimeTooSkewed", clockOffset: 3600, problem: "3600 s ahead of this machine's",
      remedy: "NTP"),
    Row(
      code: "RequestTimeTooSkewed", problem: "came at the wrong time", remedy: "compare"),
    Row(
      code: "AccessDenied", message: "Request has expired", clockOffset: 120,
      problem: "120 s ahead", remedy: "NTP"),
    Row(
      code: "AccessDenied", message: "Request is not yet valid", clockOffset: -1800,
      problem: "1800 s behind", remedy: "NTP"),
    Row(
      code: "SignatureDoesNotMatch", clockOffset: 3600, problem: "3600 s ahead", remedy: "NTP"),
    Row(
      code: "InvalidAccessKeyId", clockOffset: 3600, problem: "does not know the access key",
      remedy: "correct"),
    Row(
      code: "AccessDenied", problem: "may not upload to https://s3.example.org/bucket",
      remedy: "s3:PutObject"),
    Row(
      code: "AccessDenied", change: { $0.addsACL = true }, problem: "may not upload",
      remedy: "s3:PutObjectAcl or set s3.add_acl = false"),
    Row(
      code: "AccessDenied", phase: .get, problem: "uploads work, but readers cannot read them",
      remedy: "get = \"presigned\""),
    Row(
      code: "AccessDenied", phase: .get, change: { $0.reading = .signed },
      problem: "may not read what it has uploaded", remedy: "s3:GetObject"),
    Row(
      code: "AccessDenied", phase: .delete, problem: "cannot be deleted", remedy: "s3:DeleteObject"),
    Row(
      code: "NotImplemented", status: 501, change: { $0.addsACL = true },
      problem: "does not know the ACL", remedy: "s3.add_acl = false"),
    Row(
      code: "MalformedSecurityHeader", status: 400, change: { $0.addsACL = true },
      problem: "does not know the ACL", remedy: "s3.add_acl = false"),
    Row(
      code: "NotImplemented", status: 501, message: "A header you provided",
      problem: "something that was sent along (A header you provided)", remedy: "proxy"),
    Row(
      code: "MissingContentLength", status: 411, problem: "without its length",
      remedy: "pass Content-Length on"),
    Row(code: "NoSuchBucket", status: 404, problem: "there is no bucket at", remedy: "create it"),
    Row(code: "SlowDown", status: 503, problem: "takes no more requests", remedy: "limits"),
    Row(code: "QuotaExceeded", problem: "no room left", remedy: "retention"),
    Row(
      code: "InternalError", status: 500, message: "We encountered an internal error.",
      problem: "the bucket failed (We encountered", remedy: "a full disk"),
    Row(
      code: "InternalError", status: 500, message: "write: No space left on device",
      problem: "no room left", remedy: "retention"),
    Row(
      code: "NoSuchKey", status: 404, phase: .get, change: { $0.reading = .elsewhere },
      problem: "not found below s3.download_url", remedy: "set it to what serves"),
    Row(
      code: "NoSuchKey", status: 404, phase: .get, problem: "not found at its GET URL",
      remedy: "keeps what it confirms"),
    Row(code: "KMS.DisabledException", problem: "encryption key", remedy: "KMS"),
    Row(
      code: "Unheard", status: 418, message: "of", problem: "answered 418 Unheard (of)",
      remedy: "s3.bucket_url"),
  ])
  func `each code has its sentence`(_ row: Row) {
    let response = answer(
      row.status, refusal(row.code, row.message, more: row.more), clockOffset: row.clockOffset)
    let trouble = Trouble(response, during: row.phase, of: .sample(row.change))
    #expect(trouble.code == row.code)
    #expect(trouble.problem.contains(row.problem), "\(trouble)")
    #expect(trouble.remedy.contains(row.remedy), "\(trouble)")
  }

  @Test(arguments: [
    (301, "sends clients on to https://other.example/x"), (401, "may not upload"),
    (404, "leads nowhere"), (405, "takes no uploads"), (407, "the proxy wants a password"),
    (411, "without its length"), (413, "takes no file of that size"), (429, "no more requests"),
    (503, "no more requests"), (507, "no room left"), (500, "failed with 500"),
    (599, "failed with 599"), (204, "answered 204"), (0, "answered 0"),
  ])
  func `each status has its sentence where there is no code`(_ status: Int, _ problem: String) {
    let response = answer(status, "<html>", [HTTPField("location", "https://other.example/x?y=z")])
    let trouble = Trouble(response, during: .put, of: .sample())
    #expect(trouble.code == "http-\(status)")
    #expect(trouble.problem.contains(problem), "\(trouble)")
    #expect(!trouble.problem.contains("y=z"), "a query may hold a signature")
  }

  @Test(
    arguments: [1, 3, 5, 6, 7, 18, 23, 27, 28, 35, 42, 52, 55, 56, 60, 77, 97, 1234] as [Int32])
  func `each of libcurl's errors is a sentence with a remedy`(_ code: Int32) {
    let error = TransferError(.init(rawValue: code), host: "s3.example.org", detail: "its words")
    #expect(!error.problem.isEmpty && !error.remedy.isEmpty)
    #expect(Trouble(error).description == "\(error.problem); \(error.remedy)")
    #expect(!error.problem.contains(";"))
  }

  @Test(arguments: [
    (TransferError.Stage.connecting, "could not be connected to within 5 s"),
    (.securing, "did not agree on TLS within 5 s"),
    (.answering, "gave no full answer within 5 s"),
  ])
  func `a timeout says how far it came`(_ stage: TransferError.Stage, _ problem: String) {
    let error = TransferError(.timedOut, host: "h", detail: "", stage: stage, seconds: 5)
    #expect(error.problem.contains(problem))
  }

  @Test(arguments: [
    (9, "not valid yet"), (10, "has expired"), (18, "not known here"), (19, "not known here"),
    (20, "not known here"), (21, "not known here"), (62, "not good for it"),
  ])
  func `a certificate is refused for one of these reasons`(_ result: Int, _ problem: String) {
    let error = TransferError(.certificateRefused, host: "h", detail: "", verifyResult: result)
    #expect(error.problem.contains(problem))
  }
}
