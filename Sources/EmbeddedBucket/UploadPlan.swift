/// What an upload is to become, and what its body was said to be.
struct UploadPlan: Sendable {
  /// Where the body goes.
  enum Destination: Sendable {
    /// It becomes an object, with fields that it is given back with.
    case object(fields: [ObjectRecord.Field], if: Store.Condition)
    /// It becomes a part, with a number, of an upload in parts.
    case part(PartedUpload, UInt64)
  }

  let key: ObjectKey
  let destination: Destination
  let body: BodyClaims
}
