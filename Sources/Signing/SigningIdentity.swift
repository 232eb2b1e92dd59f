internal import Synchronization
internal import Wire

/// Whose signatures, for which region and service: credentials bound to where they are used, made once and shared by all threads.
public struct SigningIdentity: Sendable {
  /// Who signs.
  public let credentials: Credentials
  /// The region that signatures name, such as `eu-west-1`, or `auto` where the bucket has none.
  public let region: String
  /// The service that signatures name; buckets are `s3`.
  public let service: String
  /// What follows the day in a credential scope: `/eu-west-1/s3/aws4_request`.
  let scopeTail: FrozenBytes
  /// By this copies of one identity are told from all others that this process ever made. A reference would do it too, but those who
  /// keep something for an identity would write to its count, each time and from all threads.
  let number: UInt64

  private static let made = Atomic<UInt64>(0)

  /// An identity with these parts.
  public init(_ credentials: Credentials, region: String, service: String = "s3") {
    self.credentials = credentials
    self.region = region
    self.service = service
    scopeTail = FrozenBytes("/\(region)/\(service)/aws4_request")
    number = Self.made.add(1, ordering: .relaxed).newValue
  }

  /// The key that signs on `day`, eight digits: four chained HMACs
  /// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
  func signingKey(day: Span<UInt8>) -> HMACKey {
    let dayKey = HMACKey(credentials.prefixedSecret.bytes).authenticate(day)
    let regionKey = HMACKey(dayKey.span).authenticate(region.utf8.span)
    let serviceKey = HMACKey(regionKey.span).authenticate(service.utf8.span)
    return HMACKey(
      HMACKey(serviceKey.span).authenticate(("aws4_request" as StaticString).bytes).span)
  }
}
