/// What came of a probe.
public struct ProbeResult: Sendable {
  /// One phase of it.
  public struct Step: Sendable {
    /// Which.
    public let phase: Phase
    /// How long it took.
    public let duration: Duration
    /// What went wrong, if something did.
    public let trouble: Trouble?
  }

  /// The phases that were gone through; after one that failed only what cleans up.
  public internal(set) var steps: [Step] = []
  /// When it began, in seconds since the beginning of 1970.
  public let startedAt: Int64
  /// Seconds that the bucket's clock is ahead, where it tells.
  public internal(set) var clockOffset: Int?

  /// The first thing that went wrong, if something did.
  public var trouble: Trouble? { steps.lazy.compactMap(\.trouble).first }

  /// What keeps clients from uploading and reading; a file that the probe could not delete does not.
  public var obstacle: Trouble? {
    steps.lazy.filter { $0.phase != .delete }.compactMap(\.trouble).first
  }

  /// The result of a probe that begins now.
  init() { startedAt = WallClock.unixSeconds }

  /// The result where no slot was granted.
  public init(noSlot trouble: Trouble) {
    self.init()
    steps = [Step(phase: .slot, duration: .zero, trouble: trouble)]
  }
}
