import Environments
import Robots
import Testing

struct PendulumTests {
  private func step(_ env: inout Pendulum, _ torque: Float, _ row: inout [Float]) -> Transition {
    let action = [torque]
    var span = row.mutableSpan
    return env.step(action.span, observation: &span)
  }

  @Test func isWhatGymnasiumDocuments() throws {
    let spec = try Pendulum().spec
    #expect(spec.observations.map(\.name) == ["cosine", "sine", "speed"])
    #expect(spec.observationCount == 3)
    #expect(spec.actions == [ActionChannel("torque", low: -2, high: 2, unit: "N·m")])
    #expect(spec.episodeSteps == 200 && spec.controlInterval == 0.05)
    #expect(spec.endings.isEmpty)
  }

  /// Gymnasium's own transitions, recorded in double precision; what is observed here is rounded to single.
  @Test(arguments: PendulumTransitions.all.indices)
  func movesAndPaysAsGymnasiumDoes(_ number: Int) throws {
    let trajectory = PendulumTransitions.all[number]
    var env = try Pendulum()
    env.start(angle: trajectory.angle, speed: trajectory.speed)
    var row = [Float](repeating: 0, count: 3)
    for expected in trajectory.steps {
      let transition = step(&env, Float(expected[0]), &row)
      for column in 0..<3 { #expect(abs(Double(row[column]) - expected[column + 1]) < 1e-6) }
      #expect(abs(Double(transition.reward) - expected[4]) < 1e-6 * max(1, abs(expected[4])))
      #expect(transition.ending == .running)
    }
  }

  @Test func theRecordingHoldsWhatIsHardToGetRight() {
    let steps = PendulumTransitions.all.flatMap(\.steps)
    #expect(steps.count >= 50)
    #expect(steps.contains { abs($0[0]) > 2 })
    #expect(steps.contains { abs($0[3]) == 8 })
    #expect(PendulumTransitions.all.contains { abs($0.angle) > 2 * .pi })
  }

  @Test func startsAllAroundAtLowSpeed() throws {
    var env = try Pendulum()
    var quadrants = [0, 0, 0, 0]
    var (slowest, fastest) = (Float.infinity, -Float.infinity)
    let count = 4_000
    for seed in 0..<UInt64(count) {
      var row = [Float](repeating: 0, count: 3)
      var span = row.mutableSpan
      env.reset(seed: seed, observation: &span)
      #expect(abs(row[0] * row[0] + row[1] * row[1] - 1) < 1e-5)
      quadrants[(row[0] < 0 ? 1 : 0) + (row[1] < 0 ? 2 : 0)] += 1
      slowest = min(slowest, row[2])
      fastest = max(fastest, row[2])
    }
    // 1,000 each, with a standard deviation of 27.
    for number in quadrants { #expect(abs(number - 1_000) < 110) }
    #expect(slowest > -1 && slowest < -0.99 && fastest < 1 && fastest > 0.99)
  }

  @Test func timeRunsOutAfterTwoHundredSteps() throws {
    var env = try Pendulum()
    var row = [Float](repeating: 0, count: 3)
    for _ in 0..<2 {
      env.start(angle: 1, speed: 0)
      for _ in 0..<199 { #expect(step(&env, 0, &row).ending == .running) }
      #expect(step(&env, 0, &row).ending == .truncated)
    }
  }

  @Test func noTorqueMakesItsStateAnythingButANumber() throws {
    var env = try Pendulum()
    var row = [Float](repeating: 0, count: 3)
    env.start(angle: 1, speed: 0)
    for torque in [Float.nan, .infinity, -.infinity, 1e30] {
      let transition = step(&env, torque, &row)
      #expect(transition.reward.isFinite && row.allSatisfy { $0.isFinite })
    }
  }
}

struct SwingUpTests {
  private func evaluate<P: Policy>(_ make: (EnvSpec) -> P) throws -> Evaluation {
    let envs = try VectorEnv(count: 500, seed: 11, start: .once) { _ in try Pendulum() }
    return Evaluation(of: make(envs.spec), in: envs, on: Workers(threads: 2))
  }

  private func mean(_ evaluation: Evaluation) -> Double {
    evaluation.episodes.reduce(0) { $0 + $1.episodeReturn } / Double(evaluation.episodes.count)
  }

  @Test func swingsUpFromAnywhereAndStays() throws {
    let swingUp = try evaluate { SwingUp(spec: $0) }
    #expect(swingUp.episodes.count == 500)
    // Measured: −148.5 on the mean, −373 at worst. Learned policies come to about −150 as well, idleness to −1,200.
    #expect(mean(swingUp) > -156)
    #expect(swingUp.episodes.allSatisfy { $0.episodeReturn > -420 })
    #expect(try mean(evaluate { ZeroPolicy(spec: $0) }) < -1_000)
  }
}
