internal import Wire

/// What an upload is for (XEP-0363 1.2.0 §6): it decides how long the file is kept.
public enum Purpose: UInt8, CaseIterable, Sendable {
  /// A file sent in a message; the default.
  case message
  /// An avatar or a profile picture.
  case profile
  /// A file that nobody needs after a given time.
  case ephemeral
  /// A file that is to stay.
  case permanent

  /// The name of the element in `urn:xmpp:http:upload:purpose:0`, also the first part of object keys.
  public var name: StaticString {
    switch self {
    case .message: "message"
    case .profile: "profile"
    case .ephemeral: "ephemeral"
    case .permanent: "permanent"
    }
  }

  /// The purpose called `name`, or nil.
  public init?(_ name: Span<UInt8>) {
    for purpose in Self.allCases where name.equals(purpose.name) {
      self = purpose
      return
    }
    return nil
  }
}
