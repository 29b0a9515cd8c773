import Environments
import Testing

struct GuardedEnvTests {
  private func guarded(_ trouble: TroubledEnv.Trouble, after steps: Int = 2) throws -> Hand {
    Hand(try TroubledEnv(trouble, after: steps))
  }

  @Test func aSoundEnvIsLeftAlone() throws {
    var hand = try guarded(.none)
    var plain = try TroubledEnv(.none)
    var row: [Float] = [0, 0, 0]
    var span = row.mutableSpan
    hand.reset(seed: 3)
    plain.reset(seed: 3, observation: &span)
    let action: [Float] = [0.5]
    for _ in 0..<4 {
      #expect(hand.step(0.5) == plain.step(action.span, observation: &span))
      #expect(hand.row[0] == span[0] && hand.row[1] == span[1] && hand.row[2] == span[2])
      #expect(hand.env.faultReason == nil)
    }
    #expect(hand.terms == [4, 0.5] && hand.metrics == [4])
  }

  static let troubles: [(TroubledEnv.Trouble, String)] = [
    (.shows(.nan), "the env shows nan in column 1 of 'place'"),
    (.shows(-.infinity), "the env shows -inf in column 1 of 'place'"),
    (.reward(.infinity), "the reward is inf: its term 'odd' is inf"),
    (.reward(.nan), "the reward is nan: its term 'odd' is nan"),
    (
      .ends(.terminated(reason: 1)),
      "step returned .terminated(reason: 1), but EnvSpec declares one ending, [\"fell\"]; only 0 is possible"
    ),
    (
      .ends(.terminated(reason: -1)),
      "step returned .terminated(reason: -1), but EnvSpec declares one ending, [\"fell\"]; only 0 is possible"
    ),
    (.ends(.faulted), "a wheel came off"),
  ]

  @Test(arguments: troubles)
  func troubleIsAFault(_ trouble: TroubledEnv.Trouble, _ reason: String) throws {
    var hand = try guarded(trouble)
    for seed in 0..<2 as Range<UInt64> {
      hand.reset(seed: seed)
      #expect(hand.step(0.5).ending == .running)
      // Also without a reset.
      for _ in 0..<2 {
        #expect(hand.step(0.5) == Transition(reward: 0, ending: .faulted))
        #expect(hand.row == [0, 0, 0] && hand.terms == [0, 0])
        #expect(hand.metrics[0].isNaN)
        #expect(hand.env.faultReason == reason)
      }
    }
  }

  @Test func anActionThatIsNotANumberIsAFault() throws {
    var hand = try guarded(.none)
    hand.reset(seed: 1)
    #expect(hand.step(.infinity).ending == .running)
    #expect(hand.step(.nan) == Transition(reward: 0, ending: .faulted))
    #expect(hand.env.faultReason == "the policy's action 'push' is nan")
    hand.reset(seed: 1)
    #expect(hand.step(0).ending == .running && hand.env.faultReason == nil)
  }

  @Test func anEpisodeThatStartsBadlyFaultsInItsFirstStep() throws {
    var hand = try guarded(.shows(.nan), after: 0)
    hand.reset(seed: 1)
    #expect(hand.row == [0, 0, 0])
    #expect(hand.step(0) == Transition(reward: 0, ending: .faulted))
    #expect(hand.env.faultReason == "the episode starts with nan in column 1 of 'place'")
  }

  @Test func aFaultySavedStateIsRestored() throws {
    var hand = try guarded(.reward(.nan))
    hand.reset(seed: 1)
    _ = hand.step(0.5)
    let sound = hand.saved
    _ = hand.step(0.5)
    let faulty = hand.saved
    try hand.restore(sound)
    #expect(hand.env.faultReason == nil && hand.saved == sound)
    #expect(hand.step(0.5).ending == .faulted && hand.saved == faulty)
    var other = try guarded(.reward(.nan))
    try other.restore(faulty)
    #expect(other.step(0.5) == Transition(reward: 0, ending: .faulted))
    #expect(other.env.faultReason != nil)
    for count in 0..<faulty.count {
      #expect(throws: StateError.self) { try other.restore(Array(faulty.prefix(count))) }
    }
  }

  @Test(arguments: [[], [0], [1e38, -1e38, 3e38], [1, .nan], [.infinity, 1], [-.infinity, .infinity]] as [[Float]])
  func finitenessIsTold(_ values: [Float]) {
    #expect(isFinite(values.span) == values.allSatisfy(\.isFinite))
  }

  /// A guarded env with room for its rows.
  private struct Hand: ~Copyable {
    var env: GuardedEnv<TroubledEnv>
    var row: [Float] = [9, 9, 9]

    init(_ env: TroubledEnv) { self.env = GuardedEnv(env) }

    mutating func reset(seed: UInt64) {
      var row = row
      var span = row.mutableSpan
      env.reset(seed: seed, observation: &span)
      self.row = row
    }

    mutating func step(_ action: Float) -> Transition {
      let action = [action]
      var row = row
      var span = row.mutableSpan
      let transition = env.step(action.span, observation: &span)
      self.row = row
      return transition
    }

    var terms: [Float] {
      var terms: [Float] = [9, 9]
      var span = terms.mutableSpan
      env.readRewardTerms(into: &span)
      return terms
    }

    var metrics: [Double] {
      mutating get {
        var metrics = [9.0]
        var span = metrics.mutableSpan
        env.readMetrics(into: &span)
        return metrics
      }
    }

    var saved: [UInt8] {
      var writer = StateWriter()
      env.save(to: &writer)
      return writer.bytes
    }

    mutating func restore(_ bytes: [UInt8]) throws {
      var reader = StateReader(bytes)
      try env.restore(from: &reader)
    }
  }
}

/// An env that misbehaves as configured once its episode has taken a number of steps, and until then counts them.
struct TroubledEnv: Env {
  enum Trouble: Sendable, Equatable {
    case none
    case shows(Float)
    case reward(Float)
    case ends(Ending)
  }

  let spec: EnvSpec
  let trouble: Trouble
  let after: Int
  private var step = 0
  private var drawn: Float = 0
  private var terms: (Float, Float) = (0, 0)

  init(_ trouble: Trouble, after steps: Int = 2, episodeSteps: Int = 10) throws {
    self.trouble = trouble
    after = steps
    spec = try EnvSpec(
      observations: [.init("clock", count: 1), .init("place", count: 2)], actions: [.init("push")],
      controlInterval: 0.1,
      episodeSteps: episodeSteps, rewardTerms: ["clock", "odd"], endings: ["fell"], metrics: ["steps"])
  }

  var faultReason: String? { "a wheel came off" }
  private var isTroubled: Bool { step >= after }

  mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    step = 0
    drawn = Float(random.unit())
    show(&observation)
  }

  mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    step += 1
    terms = (Float(step), min(max(action[0], -1), 1))
    if isTroubled, case .reward(let value) = trouble { terms.1 = value }
    show(&observation)
    if isTroubled, case .ends(let ending) = trouble { return Transition(reward: terms.0, ending: ending) }
    return Transition(reward: terms.0 + terms.1, ending: step == spec.episodeSteps ? .truncated : .running)
  }

  private func show(_ row: inout MutableSpan<Float>) {
    row[0] = Float(step)
    row[1] = drawn
    row[2] = 0.5
    if isTroubled, case .shows(let value) = trouble { row[2] = value }
  }

  func readRewardTerms(into terms: inout MutableSpan<Float>) {
    terms[0] = self.terms.0
    terms[1] = self.terms.1
  }

  func readMetrics(into metrics: inout MutableSpan<Double>) { metrics[0] = Double(step) }

  func save(to writer: inout StateWriter) {
    writer.write(step)
    writer.write(drawn)
  }

  mutating func restore(from reader: inout StateReader) throws {
    step = try reader.readInt(in: 0...spec.episodeSteps)
    drawn = try reader.readFloat()
  }
}
