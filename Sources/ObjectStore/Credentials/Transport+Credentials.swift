extension Transport {
  /// Bytes of the largest answer with credentials.
  static let credentialBytesMax = 65_536

  /// The answer to a request for credentials, whatever its status; throws why there is none. `whom` begins that sentence.
  func response(
    to request: HTTPRequest, of whom: String
  ) throws(CredentialFailure) -> HTTPResponse {
    do throws(TransferError) {
      return try send(request)
    } catch {
      throw CredentialFailure(error, asking: whom)
    }
  }
}

extension HTTPRequest {
  /// What holds for a server that is no further than this machine or its host: no proxy is between, and it answers soon or never.
  mutating func limitToMachine() {
    mayUseProxy = false
    connectTimeout = .seconds(2)
    timeout = .seconds(5)
    answerBytesMax = Transport.credentialBytesMax
  }
}

extension CredentialFailure {
  /// The answer is not what it should be.
  static func noAnswer(of whom: String) -> CredentialFailure {
    CredentialFailure(
      "\(whom) answered with something else than credentials",
      "see whether its URL leads to the right server")
  }
}
