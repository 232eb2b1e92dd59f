import Testing

@testable import ObjectStore

struct BucketDocumentTests {
  private func part(_ prefix: String, days: [String: Int] = [:]) -> BucketPlan.Part {
    BucketPlan.Part(
      prefix: prefix, isPublic: true, isSigned: false, addsACL: false, retentionDays: days)
  }

  private func document(_ setting: String, _ plan: BucketPlan) -> BucketDocument? {
    plan.documents.first { $0.setting == setting }
  }

  @Test func `nobody needs what is not among the documents`() {
    let plan = BucketPlan(bucket: "b", parts: [part("")], origins: [])
    #expect(plan.documents.map(\.setting) == [nil, "policy"])
  }

  @Test func `where two services differ about a prefix, nothing goes too early`() throws {
    let parts = [part("x/", days: ["message/": 30]), part("x/", days: ["message/": 90])]
    let rules = try #require(
      document("lifecycle", BucketPlan(bucket: "b", parts: parts, origins: [])))
    #expect(rules.text.contains("<Days>90</Days>"))
    #expect(!rules.text.contains("<Days>30</Days>"))
  }

  @Test func `prefixes and origins are escaped`() throws {
    let plan = BucketPlan(
      bucket: "b", parts: [part("a&\"b/", days: ["message/": 1])], origins: ["https://a.example"])
    let rules = try #require(document("lifecycle", plan))
    #expect(XMLElement.read(Array(rules.text.utf8)) != nil)
    #expect(try #require(document("policy", plan)).text.contains(#"a&\"b/*"#))
  }

  @Test func `a document is known again however it is laid out`() throws {
    let plan = BucketPlan(bucket: "b", parts: [part("")], origins: ["https://a.example"])
    let rules = try #require(document("cors", plan))
    let flat = rules.text.split(separator: "\n").dropFirst().map { $0.drop { $0 == " " } }.joined()
    #expect(rules.isSame(as: Array(flat.utf8)))
    #expect(!rules.isSame(as: Array(flat.replacing("a.example", with: "b.example").utf8)))
    let policy = try #require(document("policy", plan))
    #expect(policy.isSame(as: Array(policy.text.filter { !$0.isWhitespace }.utf8)))
    #expect(!policy.isSame(as: []))
  }
}
