import Signing
import Slots
import Testing

struct UploadServicesTests {
  @Test func servicesOfOneBucketShareItsPresignerWhenCredentialsAreRenewed() throws {
    let endpoint = try Endpoint("https://s3.example.org/bucket")
    let old = Credentials(accessKeyID: "OLD", secretAccessKey: "secret")
    let new = Credentials(accessKeyID: "NEW", secretAccessKey: "other secret")
    let shared = Presigner(endpoint, as: SigningIdentity(old, region: "eu-west-1"))
    let alone = Presigner(endpoint, as: SigningIdentity(old, region: "eu-west-1"))
    let services = UploadServices(
      [shared, shared, alone].enumerated().map { number, presigner in
        let rules = UploadService.Rules(presigner: presigner, get: .plain(endpoint))
        return .init(
          name: "upload.\(number).example", domains: [],
          service: UploadService(number: number, rules: rules))
      })
    let renewed = services.with([0: new, 1: new])
    let keys = renewed.all.map(\.presigner.identity.credentials.accessKeyID)
    #expect(keys == ["NEW", "NEW", "OLD"])
    #expect(renewed.all[0].presigner.id == renewed.all[1].presigner.id)
    #expect(renewed.all[0].presigner.id != shared.id)
    #expect(renewed.all[2].presigner.id == alone.id)
  }
}
