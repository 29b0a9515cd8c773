import Environments
import Physics

/// Runs an env that draws itself, for recordings and pages.
struct DrawnScene<E: DrawnEnv & ~Copyable>: RecordableEnv, ~Copyable {
  private var env: GuardedEnv<E>
  private let name: String
  /// What is drawn at the first `reset`.
  private let first: Drawing
  private var action: [Float]
  private var reward: Float = 0
  private var stepsTaken = 0
  /// What is wrong with a drawing.
  private var drawingMistake: String?

  /// - Parameter name: of the env in its catalog.
  init(_ env: consuming E, name: String) {
    var env = GuardedEnv(env)
    var observation = Array(repeating: Float(0), count: env.spec.observationCount)
    var row = observation.mutableSpan
    env.reset(seed: 0, observation: &row)
    self.name = name
    action = Array(repeating: 0, count: env.spec.actionCount)
    first = Self.drawing(of: env)
    self.env = env
  }

  private static func drawing(of env: borrowing GuardedEnv<E>, step: Int = 0) -> Drawing {
    let before = UserCode.enter(.show, step: step)
    defer { UserCode.leave(to: before) }
    var drawing = Drawing()
    env.env.draw(into: &drawing)
    return drawing
  }

  var spec: EnvSpec { env.spec }
  var symmetry: Symmetry? { env.symmetry }
  var difficulty: Double {
    get { env.difficulty }
    set { env.difficulty = newValue }
  }
  var defect: String? { drawingMistake ?? env.defect }
  var faultReason: String? { drawingMistake ?? env.faultReason }

  mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    (reward, stepsTaken) = (0, 0)
    for i in action.indices { action[i] = 0 }
    env.reset(seed: seed, observation: &observation)
    examineDrawing()
  }

  mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    stepsTaken += 1
    for (i, channel) in env.spec.actions.enumerated() {
      self.action[i] = min(max(action[i], channel.low), channel.high)
    }
    let transition = env.step(action, observation: &observation)
    reward = transition.reward
    if transition.ending != .faulted { examineDrawing() }
    return drawingMistake == nil ? transition : Transition(reward: 0, ending: .faulted)
  }

  private mutating func examineDrawing() {
    let drawing = Self.drawing(of: env, step: stepsTaken)
    guard drawingMistake == nil, let problem = drawing.mistake ?? drawing.difference(from: first) else { return }
    let place = stepsTaken == 0 ? "at the start of an episode" : "in step \(stepsTaken) of an episode"
    drawingMistake = "\(place), draw: \(problem)"
  }

  func readRewardTerms(into terms: inout MutableSpan<Float>) { env.readRewardTerms(into: &terms) }
  mutating func readMetrics(into metrics: inout MutableSpan<Double>) { env.readMetrics(into: &metrics) }
  func save(to writer: inout StateWriter) { env.save(to: &writer) }
  mutating func restore(from reader: inout StateReader) throws { try env.restore(from: &reader) }

  // MARK: Showing

  var emptyRecording: Recording {
    Recording(
      robot: name, parts: first.parts, ground: first.floor.map { Ground(height: $0) }, interval: spec.controlInterval,
      rewardTerms: spec.rewardTerms.isEmpty ? ["reward"] : spec.rewardTerms,
      actuators: spec.actions.map { channel in
        Recording.Channel(channel.name, unit: channel.unit, range: Double(channel.low)...Double(channel.high))
      }, isFloating: false)
  }

  var frame: Recording.Frame {
    let drawing = Self.drawing(of: env, step: stepsTaken)
    var readings = Recording.Readings()
    readings.contacts = Array(repeating: false, count: drawing.parts.count)
    readings.efforts = action.map(Double.init)
    readings.quantities = drawing.quantities
    if stepsTaken > 0 {
      readings.rewards = spec.rewardTerms.isEmpty ? [reward] : Array(repeating: 0, count: spec.rewardTerms.count)
      if !spec.rewardTerms.isEmpty {
        var terms = readings.rewards.mutableSpan
        env.readRewardTerms(into: &terms)
      }
    }
    return Recording.Frame(poses: drawing.poses, markers: drawing.markers, readings: readings)
  }
}
