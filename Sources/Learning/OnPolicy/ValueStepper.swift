import Environments
import Networks

/// Evaluates a value network that has a memory, or shares the policy's layers, on one observation of each env at a time.
struct ValueStepper: Sendable {
  /// What the network remembers of each env's episode: its own memory, or the policy's that it shares.
  var memory: [Float]
  private let width: Int
  private var scaled: [Float]
  private var policy: Tape
  private let featureScaling: Scaling

  init(for model: borrowing ActorCritic, envs: Int) {
    let memory = Self.memory(of: model)
    width = memory?.width ?? 0
    self.memory = Array(repeating: 0, count: envs * width)
    scaled = Array(repeating: 0, count: envs * model.policy.spec.criticColumns.count)
    policy = Tape(for: model.policy.network.shape, capacity: model.critic.input == .policyFeatures ? envs : 0)
    featureScaling = .identity(columns: model.critic.shape.inputCount)
  }

  private static func memory(of model: borrowing ActorCritic) -> GRUShape? {
    model.critic.input == .policyFeatures ? model.policy.memory?.shape : model.critic.memory
  }

  mutating func clearMemory(ofEnv env: Int) { for i in env * width..<(env + 1) * width { memory[i] = 0 } }

  /// The value, in the network's units, of an observation that follows what an env's memory holds; that stays as it is.
  mutating func value(of observation: Span<Float>, env: Int, _ model: borrowing ActorCritic) -> Float {
    let own = env * width..<(env + 1) * width
    let before = Array(memory[own])
    defer { memory.replaceSubrange(own, with: before) }
    var value = [Float.zero]
    var span = value.mutableSpan
    step(observation, firstEnv: env, model, into: &span)
    return value[0]
  }

  /// Writes the value of one observation for each env from `firstEnv` on, in the network's units; memories take the
  /// observations in.
  mutating func step(
    _ observations: Span<Float>, firstEnv: Int = 0, _ model: borrowing ActorCritic,
    into values: inout MutableSpan<Float>
  ) {
    let (spec, rows, parameters) = (model.policy.spec, values.count, model.parameters.values)
    let columns = spec.criticColumns
    // Moved out while they are read, so that their spans and changes of `self` do not overlap.
    var scaled = exchange(&self.scaled, with: [])
    var memory = exchange(&self.memory, with: [])
    defer { (self.scaled, self.memory) = (scaled, memory) }
    do {
      var all = scaled.mutableSpan
      var own = all._mutatingExtracting(0..<rows * columns.count)
      model.critic.scaling.apply(
        to: observations, rowLength: spec.observationCount, firstColumn: columns.lowerBound, into: &own)
    }
    let input = scaled.span.extracting(0..<rows * columns.count)
    guard let shape = Self.memory(of: model) else { return evaluate(input, model, parameters.span, into: &values) }
    let remembered = firstEnv * width..<(firstEnv + rows) * width
    do {
      let range = model.critic.input == .policyFeatures ? model.policyMemoryRange : model.valueMemoryRange
      var all = memory.mutableSpan
      var own = all._mutatingExtracting(remembered)
      shape.step(input, memory: &own, parameters: parameters.span.extracting(range))
    }
    evaluate(memory.span.extracting(remembered), model, parameters.span, into: &values)
  }

  /// Evaluates the layers behind the memory, or those of a network without one.
  private mutating func evaluate(
    _ input: Span<Float>, _ model: borrowing ActorCritic, _ parameters: Span<Float>,
    into values: inout MutableSpan<Float>
  ) {
    guard model.critic.input == .policyFeatures else {
      return evaluateValue(input, model, parameters, into: &values)
    }
    let rows = values.count
    policy.setInput(input)
    model.policy.network.shape.forward(
      rows: rows, tape: &policy, parameters: parameters.extracting(model.policyRange))
    let features = policy.values.span.extracting(policy.features(rows: rows))
    evaluateValue(features, model, parameters, into: &values)
  }

  private func evaluateValue(
    _ features: Span<Float>, _ model: borrowing ActorCritic, _ parameters: Span<Float>,
    into values: inout MutableSpan<Float>
  ) {
    model.critic.shape.evaluate(
      features, rowLength: model.critic.shape.inputCount, firstColumn: 0, scaling: featureScaling,
      parameters: parameters.extracting(model.valueRange), into: &values)
  }
}
