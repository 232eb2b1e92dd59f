internal import Signing

/// A profile of the two files that AWS's programs share
/// (https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html). What `credentials` says counts before `config`.
struct SharedProfile {
  /// What a profile leads to.
  enum Meaning {
    /// A key that stands in it.
    case key(Credentials)
    /// A role that is taken on.
    case webIdentity(WebIdentity)
  }

  /// Where one of the two files is looked for.
  private struct Place {
    let path: String
    let isConfig: Bool
    /// Whether somebody named the file, so that it must be there.
    let isNamed: Bool
  }

  /// The profile's section of one file.
  private struct Section {
    let path: String
    let name: String
    let file: INIFile

    subscript(_ property: String) -> String? { file[name, property] }
  }

  /// The profile's name.
  let name: String
  /// The profile's sections; one at least.
  private let sections: [Section]
  /// The name and the files, for sentences.
  private let shown: String

  /// The profile that the environment chooses, or `default`; nil where nobody chose one and there is none with a key or a role.
  init?(_ surroundings: Surroundings) throws(CredentialFailure) {
    let chosen = surroundings["AWS_PROFILE"]
    let name = chosen ?? "default"
    var sections: [Section] = []
    for place in Self.places(surroundings) {
      guard let file = try Self.read(place, surroundings) else { continue }
      // `config` says `[profile name]`, but `[default]`.
      let names =
        !place.isConfig
        ? [name] : name == "default" ? [name, "profile default"] : ["profile \(name)"]
      if let section = names.first(where: file.has) {
        sections.append(Section(path: place.path, name: section, file: file))
      }
    }
    if sections.isEmpty, chosen != nil {
      let paths = Self.files(surroundings).joined(separator: " nor in ")
      throw CredentialFailure(
        "there is no profile \(name.asQuotation) in \(paths)", "correct AWS_PROFILE, or write it")
    }
    self.name = name
    self.sections = sections
    shown =
      "the profile \(name.asQuotation) in \(sections.map(\.path).joined(separator: " and "))"
    // One that holds a region only, which is common, says nothing about keys.
    if chosen == nil, !Self.properties.contains(where: { self[$0] != nil }) { return nil }
  }

  /// The properties that say where a key comes from.
  private static let properties = [
    "aws_access_key_id", "aws_secret_access_key", "role_arn", "web_identity_token_file",
    "credential_process", "credential_source", "sso_session", "sso_start_url",
  ]

  private subscript(_ property: String) -> String? {
    sections.lazy.compactMap { $0[property] }.first
  }

  // MARK: - Files

  /// The files that are looked at, whether they are there or not.
  static func files(_ surroundings: Surroundings) -> [String] {
    places(surroundings).map(\.path)
  }

  private static func places(_ surroundings: Surroundings) -> [Place] {
    [
      ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", false),
      ("AWS_CONFIG_FILE", "~/.aws/config", true),
    ].compactMap { variable, usual, isConfig in
      let named = surroundings[variable]
      return surroundings.completed(named ?? usual).map {
        Place(path: $0, isConfig: isConfig, isNamed: named != nil)
      }
    }
  }

  private static func read(
    _ place: Place, _ surroundings: Surroundings
  ) throws(CredentialFailure) -> INIFile? {
    let bytes: [UInt8]
    do throws(Surroundings.FileFailure) {
      bytes = try surroundings.read(place.path)
    } catch {
      guard place.isNamed else { return nil }
      let variable = place.isConfig ? "AWS_CONFIG_FILE" : "AWS_SHARED_CREDENTIALS_FILE"
      throw CredentialFailure(
        "\(place.path) \(error.reason)", "see to the file, which \(variable) names")
    }
    do throws(INIFile.Fault) {
      return try INIFile(bytes)
    } catch {
      throw CredentialFailure(
        "\(place.path):\(error.line): the line is no [section] and no name = value", "correct it")
    }
  }

  // MARK: - Meaning

  /// What it leads to; throws where that is nothing that slotd does.
  func meaning(
    _ surroundings: Surroundings, region: String
  ) throws(CredentialFailure) -> Meaning {
    if self["role_arn"] != nil, self["source_profile"] != nil {
      throw failure(
        "takes a role on with the key of another profile, which slotd does not",
        "give slotd a key of its own or a web identity")
    }
    if let key = try key() { return .key(key) }
    if let role = self["role_arn"], let tokenFile = self["web_identity_token_file"],
      let path = surroundings.completed(tokenFile)
    {
      return .webIdentity(
        WebIdentity(
          tokenFile: path, role: role, sessionName: self["role_session_name"], surroundings,
          region: region))
    }
    if self["credential_process"] != nil {
      throw failure(
        "names a credential_process, and slotd runs no programs for a key",
        "have the program write the key into a file, and name that in AWS_SHARED_CREDENTIALS_FILE")
    }
    if self["sso_session"] != nil || self["sso_start_url"] != nil {
      throw failure(
        "signs in through a browser, which a server cannot", "give slotd a key or a role of its own"
      )
    }
    throw failure("holds no key", "write aws_access_key_id and aws_secret_access_key there")
  }

  /// The key, from the first file that has one: halves of two files are not put together.
  private func key() throws(CredentialFailure) -> Credentials? {
    for section in sections {
      let id = section["aws_access_key_id"]
      var secret = section.file.secret(section.name, "aws_secret_access_key")
      var token = section.file.secret(section.name, "aws_session_token")
      defer {
        wipe(&secret)
        wipe(&token)
      }
      if id == nil, secret.isEmpty { continue }
      guard let id, !secret.isEmpty else {
        throw failure(
          "has half a key", "write both aws_access_key_id and aws_secret_access_key there")
      }
      return Credentials(
        accessKeyID: id, secretAccessKey: secret.span, sessionToken: token.span)
    }
    return nil
  }

  private func failure(_ problem: String, _ remedy: String) -> CredentialFailure {
    CredentialFailure("\(shown) \(problem)", remedy)
  }
}
