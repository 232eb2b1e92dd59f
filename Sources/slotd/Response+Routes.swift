import Reactor
import Wire

extension Response {
  /// Answers OPTIONS (RFC 9110 §9.3.7).
  mutating func options(_ allow: StaticString) {
    writer.begin(.noContent)
    writer.field("Allow", allow)
    writer.endWithoutBody()
  }

  /// Answers a method that the route does not take (RFC 9110 §15.5.6).
  mutating func methodNotAllowed(_ allow: StaticString) {
    problem(
      .methodNotAllowed, kind: "method-not-allowed",
      detail: "This path does not take that method.", field: ("Allow", allow))
  }
}
