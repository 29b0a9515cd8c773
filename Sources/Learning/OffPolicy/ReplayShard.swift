import Environments
import Networks
import Synchronization

/// A fixed share of every minibatch: it draws its own transitions and computes the gradients over them. One worker at a time
/// works on it.
final class ReplayShard: Sendable {
  struct State: Sendable {
    /// Rows of the share.
    let rows: Int
    /// Rows of the whole minibatch.
    let minibatch: Int
    let layout: ReplayLayout
    /// Numbers of a row of `batch`.
    fileprivate let rowLength: Int
    var random: Random
    fileprivate(set) var sums = OffPolicySums()
    /// Transitions, each with room for an action behind what was shown next.
    fileprivate var batch: [Float]
    fileprivate var policyTape: Tape
    fileprivate var criticTapes: [Tape]
    fileprivate var actions: [Float]
    fileprivate var noise: [Float]
    fileprivate var bonuses: [Float]
    fileprivate var targets: [Float]
    /// By the actions, and by all that critics are shown.
    fileprivate var slopes: [Float]
    fileprivate var inputGradient: [Float]
    /// The critic of the least value of each row, and rows of one of them.
    fileprivate var leastCritics: [Int]
    fileprivate var order: [Int32]
  }

  let state: Mutex<State>

  init(rows: Int, of minibatch: Int, for model: borrowing OffPolicyModel, random: Random) {
    let layout = ReplayLayout(of: model.policy.spec)
    let none = [Float](repeating: 0, count: rows * layout.actions)
    let inputs = model.critics[0].shape.inputCount
    state = Mutex(
      State(
        rows: rows, minibatch: minibatch, layout: layout, rowLength: layout.length + layout.actions, random: random,
        batch: Array(repeating: 0, count: rows * (layout.length + layout.actions)),
        policyTape: Tape(for: model.policyNetwork.shape, capacity: rows),
        criticTapes: model.critics.map { Tape(for: $0.shape, capacity: rows) }, actions: none, noise: none,
        bonuses: Array(repeating: 0, count: rows), targets: Array(repeating: 0, count: rows), slopes: none,
        inputGradient: Array(repeating: 0, count: rows * inputs), leastCritics: Array(repeating: 0, count: rows),
        order: Array(repeating: 0, count: rows)))
  }
}

// Fields are moved out while spans of them are in use, so that these and changes of `self` do not overlap.
extension ReplayShard.State {
  /// Draws the share of the next minibatch.
  mutating func draw(from buffer: borrowing ReplayBuffer) {
    var (batch, random) = (exchange(&self.batch, with: []), self.random)
    defer { (self.batch, self.random) = (batch, random) }
    var all = batch.mutableSpan
    for row in 0..<rows {
      var part = all._mutatingExtracting(row * rowLength..<row * rowLength + layout.length)
      buffer.copy(buffer.draw(using: &random), into: &part)
    }
  }

  /// Writes `actions` into the rows of the batch, from column `column` on.
  private mutating func placeActions(at column: Int) {
    for row in 0..<rows {
      for i in 0..<layout.actions { batch[row * rowLength + column + i] = actions[row * layout.actions + i] }
    }
  }

  /// Runs the policy's network on what was shown, from column `column` on.
  private mutating func runPolicy(
    _ model: borrowing OffPolicyModel, parameters range: Range<Int>, onColumnsFrom column: Int
  ) {
    let (batch, rows, rowLength) = (batch, rows, rowLength)
    policyTape.scale(
      batch.span, rows: rows, rowLength: rowLength, firstColumn: column + model.policy.spec.policyColumns.lowerBound,
      by: model.policyScaling)
    model.policyNetwork.shape.forward(
      rows: rows, tape: &policyTape, parameters: model.parameters.values.span.extracting(range))
  }

  /// Runs a critic's network on what was shown and the action, from column `column` on.
  private mutating func runCritic(
    _ c: Int, _ model: borrowing OffPolicyModel, parameters range: Range<Int>, onColumnsFrom column: Int
  ) {
    let (batch, rows, rowLength) = (batch, rows, rowLength)
    criticTapes[c].scale(
      batch.span, rows: rows, rowLength: rowLength, firstColumn: column + model.policy.spec.criticColumns.lowerBound,
      by: model.criticScaling)
    model.critics[c].shape.forward(
      rows: rows, tape: &criticTapes[c], parameters: model.parameters.values.span.extracting(range))
  }

  // MARK: Critics

  /// Writes the gradient of the critics' loss, ½ (value − target)², a mean over the minibatch, summed over the critics. The
  /// target is r + γⁿ (the least of the target critics' values of the action that follows + its bonus).
  mutating func computeCriticGradient(
    _ objective: some OffPolicyObjective, _ model: borrowing OffPolicyModel, rewardScale: Float,
    gradient: inout MutableSpan<Float>
  ) {
    sums = OffPolicySums()
    chooseNext(objective, model)
    computeTargets(model, rewardScale: rewardScale)
    for i in gradient.indices { gradient[i] = 0 }
    let start = model.criticRange.lowerBound
    for c in model.critics.indices {
      let range = model.critics[c].range
      runCritic(c, model, parameters: range, onColumnsFrom: 0)
      compareWithTargets(critic: c)
      var part = gradient._mutatingExtracting(range.lowerBound - start..<range.upperBound - start)
      model.critics[c].shape.backward(
        rows: rows, tape: &criticTapes[c], transposed: model.transposed.span.extracting(range), gradient: &part)
    }
  }

  /// Chooses the actions that follow and puts them behind what was shown next.
  private mutating func chooseNext(_ objective: some OffPolicyObjective, _ model: borrowing OffPolicyModel) {
    let network = model.policyNetwork
    let range = objective.usesTargetPolicy ? network.target ?? network.range : network.range
    runPolicy(model, parameters: range, onColumnsFrom: layout.next)
    var (actions, bonuses) = (exchange(&self.actions, with: []), exchange(&self.bonuses, with: []))
    do {
      var actions = actions.mutableSpan
      var bonuses = bonuses.mutableSpan
      let outputs = policyTape.output
      objective.chooseNext(
        from: outputs.span.extracting(0..<rows * network.shape.outputCount), using: &random, into: &actions,
        bonuses: &bonuses)
    }
    (self.actions, self.bonuses) = (actions, bonuses)
    placeActions(at: layout.length)
  }

  private mutating func computeTargets(_ model: borrowing OffPolicyModel, rewardScale: Float) {
    for c in model.critics.indices {
      let critic = model.critics[c]
      runCritic(c, model, parameters: critic.target ?? critic.range, onColumnsFrom: layout.next)
      for row in 0..<rows {
        let value = criticTapes[c].output[row]
        // Written so that not-a-number passes through.
        if c == 0 || !(value >= targets[row]) { targets[row] = value }
      }
    }
    for row in 0..<rows {
      let (reward, weight) = (batch[row * rowLength + layout.reward], batch[row * rowLength + layout.discount])
      targets[row] = rewardScale * reward + weight * (targets[row] + bonuses[row])
      sums.targets += Double(targets[row])
      sums.squaredTargets += Double(targets[row]) * Double(targets[row])
    }
    sums.rows = rows
  }

  private mutating func compareWithTargets(critic c: Int) {
    let share = 1 / Float(minibatch)
    var (errors, values) = (0.0, 0.0)
    for row in 0..<rows {
      let value = criticTapes[c].output[row]
      let error = value - targets[row]
      criticTapes[c].outputGradient[row] = share * error
      errors += Double(error) * Double(error)
      values += Double(value)
    }
    sums.squaredErrors += errors
    guard c == 0 else { return }
    sums.firstSquaredErrors = errors
    sums.values = values
  }

  // MARK: Policy

  /// Writes the gradient of the policy's loss, what the objective adds − value, a mean over the minibatch.
  mutating func computePolicyGradient(
    _ objective: some OffPolicyObjective, _ model: borrowing OffPolicyModel, gradient: inout MutableSpan<Float>
  ) {
    sums = OffPolicySums()
    for i in gradient.indices { gradient[i] = 0 }
    let network = model.policyNetwork
    runPolicy(model, parameters: network.range, onColumnsFrom: 0)
    let outputs = policyTape.output
    let outputCount = rows * network.shape.outputCount
    var (actions, noise) = (exchange(&self.actions, with: []), exchange(&self.noise, with: []))
    do {
      var actions = actions.mutableSpan
      var noise = noise.mutableSpan
      let added = objective.choose(
        from: outputs.span.extracting(0..<outputCount), using: &random, into: &actions, noise: &noise)
      sums.policyLoss = added.loss
      sums.logProbability = added.logProbability
    }
    (self.actions, self.noise) = (actions, noise)
    for i in actions.indices where abs(actions[i]) > 0.99 { sums.saturated += 1 }
    sums.policyRows = rows
    placeActions(at: layout.action)
    computeSlopes(model, critics: objective.policyCritics)
    let (slopes, minibatch) = (slopes, minibatch)
    do {
      var all = policyTape.outputGradient.mutableSpan
      var part = all._mutatingExtracting(0..<outputCount)
      objective.writeGradient(
        outputs: outputs.span.extracting(0..<outputCount), actions: actions.span, noise: noise.span,
        slopes: slopes.span, share: 1 / Float(minibatch), into: &part)
    }
    network.shape.backward(
      rows: rows, tape: &policyTape, transposed: model.transposed.span.extracting(network.range), gradient: &gradient)
  }

  /// Writes the gradient by the actions of the least of the critics' values, negated.
  private mutating func computeSlopes(_ model: borrowing OffPolicyModel, critics count: Int) {
    for c in 0..<count { runCritic(c, model, parameters: model.critics[c].range, onColumnsFrom: 0) }
    for row in 0..<rows {
      var least = 0
      for c in 1..<max(1, count) where !(criticTapes[c].output[row] >= criticTapes[least].output[row]) { least = c }
      leastCritics[row] = least
      sums.policyLoss -= Double(criticTapes[least].output[row])
    }
    for c in 0..<count { computeSlopes(ofCritic: c, model) }
  }

  /// Does so for the rows whose least value is critic `c`'s, and goes back through its network with these alone.
  private mutating func computeSlopes(ofCritic c: Int, _ model: borrowing OffPolicyModel) {
    var order = exchange(&self.order, with: [])
    var inputGradient = exchange(&self.inputGradient, with: [])
    defer { (self.order, self.inputGradient) = (order, inputGradient) }
    order.removeAll(keepingCapacity: true)
    for row in 0..<rows where leastCritics[row] == c { order.append(Int32(truncatingIfNeeded: row)) }
    let (critic, share) = (model.critics[c], -1 / Float(minibatch))
    criticTapes[c].keep(order.span)
    for k in 0..<order.count { criticTapes[c].outputGradient[k] = share }
    do {
      var all = inputGradient.mutableSpan
      critic.shape.backwardToInput(
        rows: order.count, tape: &criticTapes[c], transposed: model.transposed.span.extracting(critic.range),
        inputGradient: &all)
    }
    let (inputs, actions) = (critic.shape.inputCount, layout.actions)
    for k in 0..<order.count {
      for i in 0..<actions { slopes[Int(order[k]) * actions + i] = inputGradient[(k + 1) * inputs - actions + i] }
    }
  }
}
