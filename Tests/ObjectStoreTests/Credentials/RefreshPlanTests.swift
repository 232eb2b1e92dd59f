import Testing

@testable import ObjectStore

/// When credentials are asked for again.
struct RefreshPlanTests {
  @Test(
    arguments: [
      (21_600, 0, 20_685, "six hours: a quarter of an hour before its end is of no use"),
      (3_600, 0, 2_685, "an hour"),
      (3_600, 1, 2_416.5, "an hour, brought forward"),
      (1_815, 0, 900, "where both rules say the same"),
      (915, 0, 450, "halfway to the end"),
      (115, 0, 50, "halfway to an end that is near"),
      (19, 0, 2, "as good as over"),
      (15, 0, 1, "of no use any more"),
      (0, 0.5, 1, "over"),
      (-5, 1, 1, "long over"),
    ] as [(Int64, Double, Double, String)])
  func afterCredentialsCame(_ left: Int64, _ fraction: Double, _ pause: Double, _ reason: String) {
    #expect(RefreshPlan.pause(left: left, fraction: fraction) == pause, "\(reason)")
  }

  @Test(
    arguments: [
      (1, 0, 1), (2, 0, 2), (3, 0, 4), (4, 0, 8), (5, 0, 16), (6, 0, 32), (7, 0, 60), (8, 0, 60),
      (1_000_000, 0, 60), (1, 1, 1.5), (3, 0.5, 5), (7, 1, 90),
    ] as [(Int, Double, Double)])
  func afterAFailure(_ failures: Int, _ fraction: Double, _ pause: Double) {
    #expect(RefreshPlan.pause(failures: failures, fraction: fraction) == pause)
  }
}
