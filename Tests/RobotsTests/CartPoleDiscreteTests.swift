import Environments
import Robots
import Testing

@Suite struct CartPoleDiscreteTests {
  @Test func isWhatGymnasiumDocuments() throws {
    let spec = try CartPoleDiscrete().spec
    #expect(spec.observationCount == 4 && spec.actionCount == 1)
    #expect(spec.isDiscrete && spec.choiceCounts == [2])
    #expect(spec.episodeSteps == 500 && spec.controlInterval == 0.02)
    #expect(spec.endings == ["fell", "left the track"])
  }

  /// Gymnasium's own transitions, recorded in double precision; what is observed here is rounded to single.
  @Test(arguments: CartPoleTransitions.all.indices)
  func movesAndEndsAsGymnasiumDoes(_ number: Int) throws {
    let trajectory = CartPoleTransitions.all[number]
    var env = try CartPoleDiscrete()
    let start = trajectory.start
    env.start(.init(position: start[0], velocity: start[1], angle: start[2], spin: start[3]))
    for expected in trajectory.steps {
      var row = [Float](repeating: 0, count: 4)
      let action = [Float(expected[0])]
      var span = row.mutableSpan
      let transition = env.step(action.span, observation: &span)
      for column in 0..<4 { #expect(abs(Double(row[column]) - expected[column + 1]) < 1e-6) }
      #expect(transition.reward == 1)
      #expect(transition.ending.isOver == (expected[5] == 1))
    }
  }

  @Test func theRecordingHoldsWhatIsHardToGetRight() {
    let ends = CartPoleTransitions.all.compactMap(\.steps.last).filter { $0[5] == 1 }
    #expect(ends.contains { abs($0[3]) > 0.2094 } && ends.contains { abs($0[1]) > 2.4 })
    #expect(CartPoleTransitions.all.flatMap(\.steps).count > 20)
  }

  /// As long as the pole stands, an episode lasts 500 steps.
  @Test func aBalancedPoleIsTruncated() throws {
    var env = try CartPoleDiscrete()
    var row = [Float](repeating: 0, count: 4)
    var span = row.mutableSpan
    env.reset(seed: 3, observation: &span)
    for step in 1...500 {
      // Toward where the pole leans, by angle and angular velocity.
      let action: [Float] = [span[2] + 0.5 * span[3] + 0.02 * span[0] + 0.05 * span[1] > 0 ? 1 : 0]
      let transition = env.step(action.span, observation: &span)
      #expect(transition.ending == (step == 500 ? .truncated : .running))
    }
  }
}
