import FoundationEssentials
import Signing
import Testing
import Wire

/// One case of `Vectors/presign.json`: a slot, and each stage of its PUT URL as an independent implementation wrote it.
struct PresignCase: Decodable, Sendable, CustomTestStringConvertible {
  let bucketURL: String
  let region: String
  let accessKeyID: String
  let secretAccessKey: String
  let sessionToken: String?
  let token: String
  let filename: String
  let size: UInt64
  let contentType: String?
  let signsContentType: Bool
  let addsACL: Bool
  let expires: Int
  let time: String
  let objectPath: String
  let signedHeaders: String
  let signature: String
  let query: [String: String]
  let canonicalRequest: String
  let stringToSign: String

  enum CodingKeys: String, CodingKey {
    case bucketURL = "bucket_url"
    case region
    case accessKeyID = "access_key_id"
    case secretAccessKey = "secret_access_key"
    case sessionToken = "session_token"
    case token, filename, size
    case contentType = "content_type"
    case signsContentType = "sign_content_type"
    case addsACL = "acl"
    case expires, time
    case objectPath = "object_path"
    case signedHeaders = "signed_headers"
    case signature, query
    case canonicalRequest = "canonical_request"
    case stringToSign = "string_to_sign"
  }

  var testDescription: String { "\(bucketURL) \(filename)" }

  /// All cases of the file.
  static let all: [PresignCase] = {
    do {
      let data = try Data(
        contentsOf:
          URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Vectors/presign.json"))
      return try JSONDecoder().decode([PresignCase].self, from: data)
    } catch {
      Issue.record("Vectors/presign.json cannot be read: \(error)")
      return []
    }
  }()

  // MARK: - The case as our types

  var key: String { token + "/" + filename }

  var now: Int64 { AmzDate(time.utf8.span)?.unixSeconds ?? 0 }

  var identity: SigningIdentity {
    SigningIdentity(
      Credentials(
        accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: sessionToken),
      region: region)
  }

  /// Writes the PUT URL of the case.
  func presign(with signer: inout Signer, into url: inout ByteBuffer) throws -> Presigner.Outcome {
    let presigner = Presigner(try Endpoint(bucketURL), as: identity, addsACL: addsACL)
    let type = Array((contentType ?? "").utf8)
    return presigner.presign(
      .put, key: key.utf8.span, contentLength: size,
      contentType: signsContentType && contentType != nil ? type.span : nil, lifetime: expires,
      now: now, with: &signer, into: &url)
  }
}
