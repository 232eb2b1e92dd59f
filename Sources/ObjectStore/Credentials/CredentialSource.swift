internal import Signing

/// Where the credentials of a bucket come from: as much as can be told without asking another machine.
enum CredentialSource {
  /// The key of the configuration, or of the files that it names.
  case configuration(Credentials)
  /// The key of `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
  case environment(Credentials)
  /// The key of a profile in the files that AWS's programs share.
  case profile(String, Credentials)
  /// A role that STS is asked for.
  case webIdentity(WebIdentity)
  /// The endpoint that a container platform has for this.
  case container(ContainerEndpoint)
  /// The metadata service of an EC2 instance.
  case instanceMetadata(InstanceMetadata)

  /// The source's name, to stand behind "from".
  var name: String {
    switch self {
    case .configuration: "the configuration"
    case .environment: "the environment (AWS_ACCESS_KEY_ID)"
    case .profile(let name, _): "the shared files' profile \(name.asQuotation)"
    case .webIdentity(let role): "STS, for the role \(role.role.asQuotation)"
    case .container: ContainerEndpoint.whom
    case .instanceMetadata: InstanceMetadata.whom
    }
  }

  /// The credentials; throws why there are none. Without a `transport`, nil where another machine would have to be asked.
  func credentials(
    _ surroundings: Surroundings, over transport: Transport?
  ) throws(CredentialFailure) -> Credentials? {
    switch (self, transport) {
    case (.configuration(let key), _), (.environment(let key), _), (.profile(_, let key), _): key
    case (.webIdentity(let role), let transport?): try role.fetch(surroundings, over: transport)
    case (.container(let endpoint), let transport?):
      try endpoint.fetch(surroundings, over: transport)
    case (.instanceMetadata(let service), let transport?): try service.fetch(over: transport)
    case (_, nil): nil
    }
  }
}
