import Signing
import Slots
import TestSupport
import Testing
import Wire

/// What a slot may allocate: nothing, in any dialect, whether it is granted or denied.
@Suite(.enabled(if: hasBudgets, "budgets are for release builds"))
struct SlotBudgetTests {
  private static let services: UploadServices? = {
    guard let endpoint = try? Endpoint("https://s3.example.org/bucket") else { return nil }
    let key = Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret")
    let presigner = Presigner(endpoint, as: SigningIdentity(key, region: "eu-west-1"))
    var rules = UploadService.Rules(presigner: presigner, get: .plain(endpoint))
    rules.maxFileSize = 100_000
    rules.keyLayout = .user(HMACKey(("key" as StaticString).bytes))
    let service = UploadService(number: 0, rules: rules)
    return UploadServices([.init(name: "upload.@HOST@", domains: [], service: service)])
  }()

  @Test(arguments: [
    ("jid=romeo%40montague.example&name=tr%C3%A8s%20cool.jpg&size=23456", true),
    ("jid=romeo%40montague.example&name=x&size=1000000000000000000000000000000", false),
    ("jid=romeo%40montague.example&name=x", false),
  ])
  func query(_ text: String, _ isGranted: Bool) throws {
    try expectNothing(isGranted, .lines) { request, grantor in
      request.read(query: text.utf8.span, into: &grantor.scratch)
    }
  }

  @Test(arguments: [Dialect.json, .xml])
  func json(_ dialect: Dialect) throws {
    let text = #"{"jid":"romeo@montague.example","filename":"tr\u00e8s cool.jpg","size":23456}"#
    try expectNothing(true, dialect) { request, grantor in
      request.read(json: text.utf8.span, into: &grantor.scratch)
    }
  }

  private func expectNothing(
    _ isGranted: Bool, _ dialect: Dialect,
    _ read: (inout SlotRequest, inout Grantor) -> StaticString?
  ) throws {
    var grantor = Grantor(try #require(Self.services))
    var body = ByteBuffer(capacity: Limits.responseBytesMax)
    var grants = 0
    func round() {
      for _ in 0..<100 {
        body.clear()
        grantor.scratch.clear()
        var request = SlotRequest()
        _ = read(&request, &grantor)
        switch grantor.decide(request, at: 1_795_000_000) {
        case .granted(let grant):
          grants += 1
          grantor.write(grant, in: dialect, to: &body)
        case .denied(let denial):
          dialect.write(denial, to: &body)
        }
      }
    }
    // The first round derives the key of the day.
    round()
    let count = allocations { round() }
    #expect(count == 0)
    #expect(grants == (isGranted ? 200 : 0))
    let isWritten = !body.isEmpty
    #expect(isWritten)
  }
}
