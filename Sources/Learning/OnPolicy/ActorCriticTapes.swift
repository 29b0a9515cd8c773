import Environments
import Networks

/// What the networks of an actor and a critic keep of a minibatch's forward pass for the backward pass.
struct ActorCriticTapes: Sendable {
  /// Rows that fit.
  let capacity: Int
  var policy: Tape
  var value: Tape
  private var policyMemory: GRUTape?
  private var valueMemory: GRUTape?
  private let layout: SampleLayout

  init(for model: borrowing ActorCritic, capacity: Int) {
    self.capacity = capacity
    let (policy, critic) = (model.policy, model.critic)
    self.policy = Tape(
      for: policy.network.shape, capacity: capacity, sharesFeatures: critic.input == .policyFeatures,
      needsInputGradient: policy.memory != nil)
    value = Tape(for: critic.shape, capacity: capacity, needsInputGradient: critic.needsInputGradient)
    policyMemory = policy.memory.map { GRUTape(for: $0.shape, capacity: capacity) }
    valueMemory = critic.memory.map { GRUTape(for: $0, capacity: capacity) }
    layout = SampleLayout(of: model)
  }

  // MARK: Forward

  /// Runs `rows` of `batch` forward.
  ///
  /// - Parameter sequences: what packed the rows, where a network has a memory.
  mutating func forward(
    _ rows: Span<Int32>, of batch: borrowing Batch, _ sequences: SampleSequences?, _ model: borrowing ActorCritic,
    _ parts: GradientParts
  ) {
    let sharesFeatures = model.critic.input == .policyFeatures
    if parts != .value || sharesFeatures { forwardPolicy(rows, of: batch, sequences, model) }
    guard parts != .policy else { return }
    if sharesFeatures {
      value.setInput(featuresOf: policy, rows: rows.count)
      forwardValue(rows.count, model)
    } else {
      let columns = model.policy.spec.criticColumns
      if valueMemory != nil, let sequences, let shape = model.critic.memory {
        valueMemory?.forward(
          rows, of: batch, columns, sequences, memories: layout.policyMemory..<layout.memories, layout, shape,
          parameters: model.parameters.values.span.extracting(model.valueMemoryRange), into: &value)
      } else if layout.criticInputs > 0 {
        value.gather(
          rows, of: batch.criticInputs, rowLength: layout.criticInputs, columns: 0..<layout.criticInputs)
      } else {
        value.gather(rows, of: batch.observations, rowLength: layout.observations, columns: columns)
      }
      forwardValue(rows.count, model)
    }
  }

  private mutating func forwardPolicy(
    _ rows: Span<Int32>, of batch: borrowing Batch, _ sequences: SampleSequences?, _ model: borrowing ActorCritic
  ) {
    let columns = model.policy.spec.policyColumns
    if policyMemory != nil, let sequences, let shape = model.policy.memory?.shape {
      policyMemory?.forward(
        rows, of: batch, columns, sequences, memories: 0..<layout.policyMemory, layout, shape,
        parameters: model.parameters.values.span.extracting(model.policyMemoryRange), into: &policy)
    } else {
      policy.gather(rows, of: batch.observations, rowLength: layout.observations, columns: columns)
    }
    model.policy.network.shape.forward(
      rows: rows.count, tape: &policy, parameters: model.parameters.values.span.extracting(model.policyRange))
  }

  private mutating func forwardValue(_ rows: Int, _ model: borrowing ActorCritic) {
    model.critic.shape.forward(
      rows: rows, tape: &value, parameters: model.parameters.values.span.extracting(model.valueRange))
  }

  // MARK: Backward

  /// Adds the gradient by all parameters to `gradient`, from the tapes' output gradients.
  mutating func backward(
    rows: Int, _ sequences: SampleSequences?, _ model: borrowing ActorCritic, _ parts: GradientParts,
    gradient: inout MutableSpan<Float>
  ) {
    if parts != .policy { backwardValue(rows, sequences, model, gradient: &gradient) }
    guard parts != .value else { return }
    if parts == .policy { for i in policy.featureGradient.indices { policy.featureGradient[i] = 0 } }
    do {
      var part = gradient._mutatingExtracting(model.policyRange)
      model.policy.network.shape.backward(
        rows: rows, tape: &policy, transposed: model.transposed.span.extracting(model.policyRange), gradient: &part)
    }
    if let sequences, let shape = model.policy.memory?.shape {
      var part = gradient._mutatingExtracting(model.policyMemoryRange)
      policyMemory?.backward(
        from: policy, rows: rows, sequences, shape,
        transposed: model.transposed.span.extracting(model.policyMemoryRange),
        gradient: &part)
    }
  }

  private mutating func backwardValue(
    _ rows: Int, _ sequences: SampleSequences?, _ model: borrowing ActorCritic,
    gradient: inout MutableSpan<Float>
  ) {
    do {
      var part = gradient._mutatingExtracting(model.valueRange)
      model.critic.shape.backward(
        rows: rows, tape: &value, transposed: model.transposed.span.extracting(model.valueRange), gradient: &part)
    }
    if let sequences, let shape = model.critic.memory {
      var part = gradient._mutatingExtracting(model.valueMemoryRange)
      valueMemory?.backward(
        from: value, rows: rows, sequences, shape, transposed: model.transposed.span.extracting(model.valueMemoryRange),
        gradient: &part)
    }
    guard model.critic.input == .policyFeatures else { return }
    // Through the activation that gave the features, so that it can be added behind the policy's last layer.
    let activation = model.policy.network.layerCount > 1 ? model.policy.network.activation : nil
    for i in 0..<rows * model.critic.shape.inputCount {
      policy.featureGradient[i] = value.inputGradient[i] * (activation?.slope(atValue: value.values[i]) ?? 1)
    }
  }
}

extension GRUTape {
  /// Runs `rows` of `batch` forward and hands the memories to the layers behind as their input.
  ///
  /// - Parameter memories: the columns of the batch's memories that are this unit's.
  fileprivate mutating func forward(
    _ rows: Span<Int32>, of batch: borrowing Batch, _ columns: Range<Int>, _ sequences: SampleSequences,
    memories: Range<Int>, _ layout: SampleLayout, _ shape: GRUShape, parameters: Span<Float>, into network: inout Tape
  ) {
    do {
      var all = input.mutableSpan
      Networks.gather(
        rows, of: batch.observations.span, rowLength: layout.observations, columns: columns, into: &all)
    }
    sequences.writeStarts(memories, of: batch, layout: layout, to: &self)
    shape.forward(sequences.packing, tape: &self, parameters: parameters)
    network.setInput(memory.span.extracting(0..<rows.count * shape.width))
  }

  /// Adds the gradient by the unit's parameters, from what the layers behind left for their input.
  fileprivate mutating func backward(
    from network: Tape, rows: Int, _ sequences: SampleSequences, _ shape: GRUShape, transposed: Span<Float>,
    gradient: inout MutableSpan<Float>
  ) {
    for i in 0..<rows * shape.width { memoryGradient[i] = network.inputGradient[i] }
    shape.backward(sequences.packing, tape: &self, transposed: transposed, gradient: &gradient)
  }
}
