/// What a client does with a slot, and what is done once to clean up.
public enum Phase: String, Sendable, CaseIterable {
  /// A slot is granted.
  case slot
  /// The file is uploaded by its PUT URL.
  case put
  /// It is downloaded by its GET URL.
  case get
  /// What came is what was sent.
  case compare
  /// It is deleted again.
  case delete
  /// Names of objects are listed; only the doctor does that.
  case list
}
