import Signing
import Testing

@testable import ObjectStore

/// What the container endpoint, the metadata service and STS answer.
struct CredentialAnswerTests {
  private static let expected = Credentials(
    accessKeyID: "ASIAEXAMPLE", secretAccessKey: "a/b+c", sessionToken: "t==",
    expiresAt: 1_795_255_872)

  @Test(
    arguments: [
      (
        #"{"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"a/b+c","Token":"t==","Expiration":"2026-11-21T10:11:12Z"}"#,
        "as the container endpoint has it"
      ),
      (
        #"""
        { "Code" : "Success", "LastUpdated" : "2026-11-21T04:11:12Z", "Type" : "AWS-HMAC", "AccessKeyId" : "ASIAEXAMPLE",
          "SecretAccessKey" : "a\/b+c", "Token" : "t\u003d=", "Expiration" : "2026-11-21T10:11:12Z", "More" : {"a": [1]} }
        """#,
        "as the metadata service has it, with escapes"
      ),
    ])
  func jsonIsRead(_ text: String, _ reason: String) throws {
    let answer = try #require(CredentialAnswer(json: Array(text.utf8)), "\(reason)")
    #expect(answer.error == nil)
    #expect(try answer.credentials(from: "it").isSame(as: Self.expected), "\(reason)")
  }

  @Test func stsIsRead() throws {
    let answer = try #require(
      CredentialAnswer(
        xml: Array(
          """
          <?xml version="1.0"?>
          <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
            <AssumeRoleWithWebIdentityResult>
              <SubjectFromWebIdentityToken>system:serviceaccount:xmpp:slotd</SubjectFromWebIdentityToken>
              <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/uploads/slotd</Arn></AssumedRoleUser>
              <Credentials>
                <SessionToken>t&#61;=</SessionToken>
                <SecretAccessKey>a/<![CDATA[b]]>+c</SecretAccessKey>
                <Expiration>2026-11-21T10:11:12.000Z</Expiration>
                <AccessKeyId>ASIAEXAMPLE</AccessKeyId>
              </Credentials>
            </AssumeRoleWithWebIdentityResult>
            <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
          </AssumeRoleWithWebIdentityResponse>
          """.utf8)))
    #expect(answer.error == nil)
    #expect(try answer.credentials(from: "STS").isSame(as: Self.expected))
  }

  @Test(
    arguments: [
      (#"{"SecretAccessKey":"s","Token":"t"}"#, "without an access key", "no access key"),
      (#"{"AccessKeyId":"A","SecretAccessKey":"","Token":"t"}"#, "without an access key", "empty"),
      (#"{"AccessKeyId":"A","SecretAccessKey":7}"#, "without an access key", "a number"),
      (
        #"{"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"tomorrow"}"#, "no time",
        "an end that cannot be read"
      ),
      (
        #"{"AccessKeyId":"A","SecretAccessKey":"s","Token":"\#(String(repeating: "t", count: 4097))"}"#,
        "4097 bytes", "a token that fits into no URL"
      ),
    ] as [(String, String, String)])
  func whatIsMissingIsSaid(_ text: String, _ words: String, _ reason: String) throws {
    let answer = try #require(CredentialAnswer(json: Array(text.utf8)), "\(reason)")
    let sentence = outcome { () throws(CredentialFailure) in try answer.credentials(from: "it") }
      .sentence
    #expect(sentence?.contains(words) == true, "\(reason): \(sentence ?? "none")")
  }

  @Test func aKeyWithoutAnEndLasts() throws {
    let text = #"{"AccessKeyId":"A","SecretAccessKey":"s","Expiration":null}"#
    let answer = try #require(CredentialAnswer(json: Array(text.utf8)))
    #expect(try answer.credentials(from: "it").expiresAt == nil)
  }

  @Test func errorsAreTold() throws {
    let json = try #require(
      CredentialAnswer(json: Array(#"{"code":"NoSuchRole","message":"a\nb"}"#.utf8)))
    #expect(json.errorCode == "NoSuchRole")
    #expect(json.error == "NoSuchRole: a b")
    let xml = try #require(
      CredentialAnswer(
        xml: Array(
          "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code></Error></ErrorResponse>"
            .utf8)))
    #expect(xml.error == "AccessDenied")
  }

  @Test(arguments: ["", "[]", "{", #"{"AccessKeyId":"A"}x"#, "<html></html>"])
  func whatIsNoObjectIsNone(_ text: String) {
    #expect(CredentialAnswer(json: Array(text.utf8)) == nil)
  }

  @Test(arguments: ["", "<a>", "<a></b>", "{}", "<!DOCTYPE a><a/>"])
  func whatIsNoDocumentIsNone(_ text: String) {
    #expect(CredentialAnswer(xml: Array(text.utf8)) == nil)
  }
}
