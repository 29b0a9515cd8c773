import Environments
import Networks

/// Makes the rows that a value network reads which reads actions: the critic's scaled columns, then the action as
/// `ActionDistribution.encode` writes it.
struct ActionInputs {
  private let policy: NetworkPolicy
  private let layout: SampleLayout
  private let columns: Range<Int>
  private let scaling: Scaling
  private var rows: [Float] = []

  init(for model: borrowing ActorCritic, _ layout: SampleLayout) {
    policy = model.policy
    self.layout = layout
    columns = policy.spec.criticColumns
    scaling = .identity(columns: layout.criticInputs)
  }

  /// Writes rows for scaled observations of all columns and for actions in normalized units.
  func write(_ observations: [Float], _ actions: [Float], rows: Int, to inputs: inout [Float]) {
    write(
      observations, rowLength: layout.observations, firstColumn: columns.lowerBound, actions, rows: rows, to: &inputs)
  }

  /// Writes rows for scaled observations whose critic's columns begin at `firstColumn`.
  private func write(
    _ observations: [Float], rowLength: Int, firstColumn: Int, _ actions: [Float], rows: Int, to inputs: inout [Float]
  ) {
    var all = inputs.mutableSpan
    for row in 0..<rows {
      var input = all._mutatingExtracting(row * layout.criticInputs..<(row + 1) * layout.criticInputs)
      let start = row * rowLength + firstColumn
      for i in 0..<columns.count { input[i] = observations[start + i] }
      var action = input._mutatingExtracting(columns.count...)
      policy.distribution.encode(
        actions.span.extracting(row * layout.actions..<(row + 1) * layout.actions), into: &action)
    }
  }

  /// The likeliest actions for rows of the policy's outputs.
  func modes(of outputs: [Float], rows: Int) -> [Float] {
    var modes = Array(repeating: Float.zero, count: rows * layout.actions)
    var all = modes.mutableSpan
    for row in 0..<rows {
      var action = all._mutatingExtracting(row * layout.actions..<(row + 1) * layout.actions)
      policy.distribution.writeMode(
        of: outputs.span.extracting(row * layout.outputs..<(row + 1) * layout.outputs), into: &action)
    }
    return modes
  }

  /// Writes values in the network's units.
  func evaluate(_ inputs: Span<Float>, _ model: borrowing ActorCritic, into values: inout MutableSpan<Float>) {
    model.critic.shape.evaluate(
      inputs, rowLength: layout.criticInputs, firstColumn: 0, scaling: scaling,
      parameters: model.parameters.values.span.extracting(model.valueRange), into: &values)
  }

  /// Writes the values of actions for scaled observations.
  mutating func evaluate(
    _ observations: [Float], _ actions: [Float], rows count: Int, _ model: borrowing ActorCritic,
    into values: inout MutableSpan<Float>
  ) {
    rows.resize(to: count * layout.criticInputs)
    write(observations, actions, rows: count, to: &rows)
    evaluate(rows.span, model, into: &values)
  }

  /// Writes the values of the likeliest actions for observations as envs show them.
  mutating func evaluateModes(
    of observations: Span<Float>, _ model: borrowing ActorCritic, into values: inout MutableSpan<Float>
  ) {
    let count = values.count
    var outputs = Array(repeating: Float.zero, count: count * layout.outputs)
    do {
      var span = outputs.mutableSpan
      policy.writeOutputs(of: observations, into: &span)
    }
    var scaled = Array(repeating: Float.zero, count: count * columns.count)
    do {
      var span = scaled.mutableSpan
      model.critic.scaling.apply(
        to: observations, rowLength: layout.observations, firstColumn: columns.lowerBound, into: &span)
    }
    rows.resize(to: count * layout.criticInputs)
    write(
      scaled, rowLength: columns.count, firstColumn: 0, modes(of: outputs, rows: count), rows: count, to: &rows)
    evaluate(rows.span, model, into: &values)
  }
}
