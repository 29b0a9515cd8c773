import Environments

/// What off-policy learners differ in: which action is thought to follow, and how the policy is improved.
///
/// Actions are in normalized units. Every row is on its own; outputs are the policy network's.
package protocol OffPolicyObjective: Sendable {
  /// Whether the actions that follow are those of the target policy, not of the present one.
  var usesTargetPolicy: Bool { get }

  /// How many critics the policy is improved by; the least of their values counts.
  var policyCritics: Int { get }

  /// Chooses the actions that follow.
  ///
  /// - Parameters:
  ///   - outputs: for what is shown next.
  ///   - actions: as many rows, to be written.
  ///   - bonuses: to be written: what is added to the value of each action.
  func chooseNext(
    from outputs: Span<Float>, using random: inout Random, into actions: inout MutableSpan<Float>,
    bonuses: inout MutableSpan<Float>)

  /// Chooses the actions by which the policy is improved.
  ///
  /// - Parameters:
  ///   - actions: as many rows, to be written.
  ///   - noise: as many numbers as actions, for `writeGradient` to use.
  /// - Returns: the sum of what is added to the loss beside the negative values, and of the logarithms of the densities.
  func choose(
    from outputs: Span<Float>, using random: inout Random, into actions: inout MutableSpan<Float>,
    noise: inout MutableSpan<Float>
  ) -> (loss: Double, logProbability: Double)

  /// Writes the gradient of the loss by `outputs`.
  ///
  /// - Parameters:
  ///   - slopes: the gradient of the negative values' part by the actions.
  ///   - share: the weight of a row in the loss.
  func writeGradient(
    outputs: Span<Float>, actions: Span<Float>, noise: Span<Float>, slopes: Span<Float>, share: Float,
    into gradient: inout MutableSpan<Float>)
}

/// What a minibatch, or several, came to.
package struct OffPolicySums: Sendable, Equatable {
  /// Rows that critics were fitted to.
  package var rows = 0
  /// Σ squared errors, over all critics.
  package var squaredErrors = 0.0
  /// Σ squared errors of the first critic.
  package var firstSquaredErrors = 0.0
  /// Σ values of the first critic.
  package var values = 0.0
  /// Σ and Σ squares of what the critics should give.
  package var targets = 0.0
  package var squaredTargets = 0.0

  /// Rows that the policy was improved on.
  package var policyRows = 0
  package var policyLoss = 0.0
  /// Σ logarithms of the densities of the policy's actions.
  package var logProbability = 0.0
  /// Components of the policy's actions within 1 % of a limit.
  package var saturated = 0

  package init() {}

  package static func += (sum: inout OffPolicySums, other: OffPolicySums) {
    sum.rows += other.rows
    sum.squaredErrors += other.squaredErrors
    sum.firstSquaredErrors += other.firstSquaredErrors
    sum.values += other.values
    sum.targets += other.targets
    sum.squaredTargets += other.squaredTargets
    sum.policyRows += other.policyRows
    sum.policyLoss += other.policyLoss
    sum.logProbability += other.logProbability
    sum.saturated += other.saturated
  }

  package static func + (a: OffPolicySums, b: OffPolicySums) -> OffPolicySums {
    var sum = a
    sum += b
    return sum
  }

  /// 1 − E[(value − target)²] / Var(target); not-a-number where targets did not vary.
  package var explainedVariance: Double {
    let variance = squaredTargets / Double(rows) - (targets / Double(rows)) * (targets / Double(rows))
    return variance > 0 ? 1 - firstSquaredErrors / Double(rows) / variance : .nan
  }

  /// The standard deviation of the targets in shares of their mean.
  package var targetSpread: Double {
    let mean = targets / Double(rows)
    return max(0, squaredTargets / Double(rows) - mean * mean).squareRoot() / max(abs(mean), .leastNormalMagnitude)
  }
}
