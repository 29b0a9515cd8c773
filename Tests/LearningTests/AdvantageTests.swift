import Environments
import Learning
import Networks
import Testing

@Suite struct AdvantageTests {
  /// Two envs, four steps, γ = ½, λ = ½, so γλ = ¼; rows take turns, env A first.
  ///
  /// A: rewards 1 2 3 4, values 10 20 30 40, then 50 is shown. Step 1 (the second) is truncated, its final observation
  /// worth 8.
  ///   step 3: d = 4 + ½·50 − 40 = −11,  A = −11
  ///   step 2: d = 3 + ½·40 − 30 = −7,   A = −7 + ¼·(−11) = −9.75
  ///   step 1: d = 2 + ½·8 − 20 = −14,   A = −14 (an episode ends)
  ///   step 0: d = 1 + ½·20 − 10 = 1,    A = 1 + ¼·(−14) = −2.5
  /// B: rewards 1 1 1 1, values 2 4 6 8, then 100 is shown, but step 3 is terminated. Its final observation would be
  /// worth 77, which must not count.
  ///   step 3: d = 1 + 0 − 8 = −7,       A = −7
  ///   step 2: d = 1 + ½·8 − 6 = −1,     A = −1 + ¼·(−7) = −2.75
  ///   step 1: d = 1 + ½·6 − 4 = 0,      A = 0 + ¼·(−2.75) = −0.6875
  ///   step 0: d = 1 + ½·4 − 2 = 1,      A = 1 + ¼·(−0.6875) = 0.828125
  @Test func chainWorkedByHand() {
    var endings = [Ending](repeating: .running, count: 8)
    endings[2] = .truncated
    endings[7] = .terminated(reason: 0)
    let advantages = Self.estimate(
      rewards: [1, 1, 2, 1, 3, 1, 4, 1], endings: endings, values: [10, 2, 20, 4, 30, 6, 40, 8, 50, 100],
      finalValues: [8, 77], envCount: 2, lambda: 0.5, rewardScale: 1)
    #expect(advantages == [-2.5, 0.828125, -14, -0.6875, -9.75, -2.75, -11, -7])
  }

  /// As the chain above for env A, but step 1 is faulted: its reward and final value are of no account, and step 0 counts
  /// on the value of the observation before step 1.
  ///   step 3 and 2 as above
  ///   step 1: no sample, 0
  ///   step 0: d = 1 + ½·20 − 10 = 1,    A = 1
  @Test func aFaultedStepIsNoSample() {
    let advantages = Self.estimate(
      rewards: [1, .nan, 3, 4], endings: [.running, .faulted, .running, .running], values: [10, 20, 30, 40, 50],
      finalValues: [.nan], envCount: 1, lambda: 0.5, rewardScale: 1)
    #expect(advantages == [1, 0, -9.75, -11])
  }

  @Test func rewardsAreScaled() {
    let advantages = Self.estimate(
      rewards: [3], endings: [.running], values: [1, 4], finalValues: [], envCount: 1, lambda: 0.9, rewardScale: 2)
    #expect(advantages == [7])
  }

  private static func estimate(
    rewards: [Float], endings: [Ending], values: [Float], finalValues: [Float], envCount: Int, lambda: Double,
    rewardScale: Double
  ) -> [Float] {
    var advantages = [Float](repeating: .nan, count: rewards.count)
    var span = advantages.mutableSpan
    Advantage.estimate(
      rewards: rewards.span, endings: endings.span, values: values.span, finalValues: finalValues.span,
      envCount: envCount, discount: 0.5, lambda: lambda, rewardScale: rewardScale, into: &span)
    return advantages
  }
}
