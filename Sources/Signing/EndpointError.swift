/// Why a URL cannot be an ``Endpoint``; its description is the sentence for the operator.
public enum EndpointError: Error, Equatable, CustomStringConvertible {
  case scheme
  case userInformation
  case host
  case port
  case query
  case fragment
  case control
  case pathEscape
  case dotSegment

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .scheme: "the URL must begin with http:// or https://"
    case .userInformation:
      "the URL must not hold a user name or password; put the access key into its own settings"
    case .host:
      "the URL must have a host: a name in ASCII (an international one in its xn-- form), an IPv4 address, or an IPv6 address in brackets"
    case .port: "the port of the URL must be a number from 1 to 65535"
    case .query: "the URL must not have a query; remove everything from the ? on"
    case .fragment: "the URL must not have a fragment; remove everything from the # on"
    case .control: "the path of the URL must not hold control characters"
    case .pathEscape:
      "a % in the path of the URL must be followed by two hexadecimal digits; write %25 for a percent sign"
    case .dotSegment:
      "the path of the URL must not have . or .. as a segment, because clients resolve them; write the path that is meant"
    }
  }
}
