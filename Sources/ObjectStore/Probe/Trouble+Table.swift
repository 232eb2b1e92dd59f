extension Trouble {
  /// What an S3 error code means (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList), beside what
  /// other servers than AWS's say. Nil for a code that has no row here.
  static func coded(_ error: S3Error, _ phase: Phase, _ bucket: BucketView) -> Trouble? {
    let row: (problem: String, remedy: String)? =
      switch error.code {
      case "SignatureDoesNotMatch":
        (
          "the bucket computes another signature for the access key \(bucket.accessKey)",
          "correct s3.access_key_id or s3.secret_access_key; if they are right, correct s3.region (\(bucket.region)) or the host of s3.bucket_url, or see that no proxy changes Host or path"
        )
      case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException":
        (
          "the bucket does not know the access key \(bucket.accessKey)",
          "correct s3.access_key_id, or make a new key"
        )
      case "ExpiredToken", "TokenRefreshRequired", "ExpiredTokenException":
        (
          "the session of the temporary access key \(bucket.accessKey) has ended",
          "renew key and session token, or let slotd find them itself"
        )
      case "InvalidToken":
        (
          "the session token does not belong to the access key \(bucket.accessKey)",
          "correct s3.session_token, or remove it where the key is a lasting one"
        )
      case "AuthorizationHeaderMalformed", "AuthorizationQueryParametersError", "InvalidRegion",
        "IllegalLocationConstraintException":
        region(error, bucket)
      case "PermanentRedirect", "TemporaryRedirect", "Redirect", "IncorrectEndpoint":
        redirect(error.endpoint, error, bucket)
      case "NoSuchBucket", "InvalidBucketName":
        ("there is no bucket at \(bucket.url)", "create it, or correct s3.bucket_url")
      case "AccessDenied", "AllAccessDisabled", "Forbidden": denied(phase, bucket)
      case "AccessControlListNotSupported", "InvalidBucketAclWithObjectOwnership":
        (
          "the bucket has ACLs switched off",
          "set s3.add_acl = false, and let everyone read with the policy that slotd bucket setup --print writes"
        )
      case _ where bucket.addsACL && aclRefusals.contains(error.code):
        ("the server does not know the ACL that was sent along", "set s3.add_acl = false")
      case "NotImplemented", "MalformedSecurityHeader":
        (
          "the server does not know something that was sent along (\(error.message))",
          "see that no proxy adds x-amz- fields"
        )
      case "MissingContentLength":
        (
          "the upload came without its length",
          "see which proxy between slotd and the bucket makes it a chunked one, and let it pass Content-Length on"
        )
      case "SlowDown", "ServiceUnavailable", "TooManyRequests", "TooManyRequestsException",
        "RequestLimitExceeded", "Throttling", "ThrottlingException", "Busy":
        (
          "the bucket takes no more requests for now (\(error.code))",
          "wait, and raise its limits if it happens often"
        )
      case "QuotaExceeded", "InsufficientCapacity", "XMinioStorageFull", "InsufficientStorage",
        "StorageFull", "TotalStorageExceeded":
        full
      case _ where error.message.lowercased().contains("no space left"): full
      case "EntityTooLarge": tooLarge
      case "NoSuchKey" where phase == .get: missing(bucket)
      case "MethodNotAllowed": noUploads(bucket)
      case "InternalError":
        (
          "the bucket failed (\(error.message))",
          "look into the server's log for the reason; a full disk is the most usual one"
        )
      case "AccountProblem", "NotSignedUp", "UserSuspended", "InvalidPayer":
        (
          "the provider has the account blocked (\(error.code))",
          "settle that in the provider's console"
        )
      case let code where code.hasPrefix("KMS."):
        (
          "the bucket cannot use its encryption key (\(code))",
          "allow the access key \(bucket.accessKey) the use of the KMS key"
        )
      default: nil
      }
    return row.map { Trouble(error.code, $0.problem, $0.remedy) }
  }

  /// What an answer means whose code says nothing, by its status (RFC 9110 §15).
  static func status(
    _ response: HTTPResponse, _ error: S3Error, _ phase: Phase, _ bucket: BucketView
  ) -> Trouble {
    let said = error.code.isEmpty ? "" : " \(error.code) (\(error.message))"
    let row: (problem: String, remedy: String) =
      switch response.status {
      case 300..<400: redirect(response.field("location") ?? "", error, bucket)
      case 401, 403: denied(phase, bucket)
      // Servers without anonymous access have many words for a request without a signature.
      case 400..<500 where phase == .get && bucket.reading != .signed && response.status != 404:
        denied(phase, bucket)
      case 404 where phase == .get: missing(bucket)
      case 404:
        (
          "\(bucket.url) leads nowhere",
          "correct s3.bucket_url: it is the server's S3 interface, then the bucket, then the prefix"
        )
      case 405: noUploads(bucket)
      case 407: ("the proxy wants a password", "write it into http_proxy or https_proxy")
      case 411:
        (
          "the upload came without its length",
          "see which proxy between slotd and the bucket makes it a chunked one, and let it pass Content-Length on"
        )
      case 413: tooLarge
      case 429, 503:
        (
          "the bucket takes no more requests for now (\(response.status)\(said))",
          "wait, and raise its limits if it happens often"
        )
      case 507: full
      case 500...599:
        (
          "the server failed with \(response.status)\(said)",
          "look into its log, and into that of proxies before it, for the reason"
        )
      default:
        (
          "the server answered \(response.status)\(said)",
          "see whether s3.bucket_url leads to the bucket's S3 interface"
        )
      }
    let code = error.code.isEmpty ? "http-\(response.status)" : error.code
    return Trouble(code, row.problem, row.remedy)
  }

  /// What servers say to an ACL that they do not know.
  private static let aclRefusals = ["NotImplemented", "MalformedSecurityHeader", "InvalidArgument"]

  // MARK: - Rows that more than one code has

  private typealias Row = (problem: String, remedy: String)

  private static func region(_ error: S3Error, _ bucket: BucketView) -> Row {
    guard !error.region.isEmpty, error.region != bucket.region else {
      return (
        "the bucket does not take signatures for the region \(bucket.region) (\(error.message))",
        "set s3.region to the bucket's own"
      )
    }
    return (
      "the bucket is in the region \(error.region) and not in \(bucket.region)",
      "set s3.region = \"\(error.region)\""
    )
  }

  private static func redirect(
    _ target: String, _ error: S3Error, _ bucket: BucketView
  ) -> Row {
    let place = target.prefix { $0 != "?" }
    let problem =
      place.isEmpty
      ? "the bucket is not at \(bucket.url)" : "\(bucket.url) sends clients on to \(place)"
    let region = error.region.isEmpty ? "" : " and s3.region = \"\(error.region)\""
    return (problem, "set s3.bucket_url to where the bucket is\(region)")
  }

  private static func denied(_ phase: Phase, _ bucket: BucketView) -> Row {
    let print = "slotd bucket setup --print writes the policy"
    switch (phase, bucket.reading) {
    case (.get, .signed):
      return (
        "the access key \(bucket.accessKey) may not read what it has uploaded",
        "allow it s3:GetObject (\(print))"
      )
    case (.get, _):
      return ("uploads work, but readers cannot read them", bucket.toOpen)
    case (.delete, _):
      return (
        "the probe's own file cannot be deleted and stays in the bucket",
        "allow the access key \(bucket.accessKey) s3:DeleteObject (\(print))"
      )
    case (.list, _):
      return (
        "the access key \(bucket.accessKey) may not list the bucket", "nothing, slotd needs no list"
      )
    default:
      return (
        "the access key \(bucket.accessKey) may not upload to \(bucket.url)",
        "allow it s3:PutObject (\(print))"
          + (bucket.addsACL ? ", and s3:PutObjectAcl or set s3.add_acl = false" : "")
      )
    }
  }

  private static func missing(_ bucket: BucketView) -> Row {
    switch bucket.reading {
    case .elsewhere:
      (
        "what was uploaded is not found below s3.download_url",
        "set it to what serves the files that lie below s3.bucket_url"
      )
    case .bucket, .signed:
      (
        "what was uploaded is not found at its GET URL",
        "see whether the bucket keeps what it confirms, and whether something deletes it at once"
      )
    }
  }

  private static func noUploads(_ bucket: BucketView) -> Row {
    (
      "what is at \(bucket.url) takes no uploads",
      "set s3.bucket_url to the bucket's S3 interface; a web site or a CDN before it only reads"
    )
  }

  private static var full: Row {
    ("the bucket has no room left", "give it more, or have old files deleted (retention)")
  }

  private static var tooLarge: Row {
    (
      "the server takes no file of that size",
      "raise its limit, or that of a proxy before it, to max_file_size"
    )
  }
}
