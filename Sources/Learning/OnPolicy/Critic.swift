import Environments
import Networks

/// The value network and the units it works in: a value is `mean + std · output`.
///
/// Until there is a return that is not 0, the size of values is unknown, and all of them are 0.
package struct Critic: Sendable, Equatable {
  /// What the value network reads.
  package enum Input: Sendable, Equatable {
    /// The critic's observation columns.
    case observations
    /// The critic's observation columns, then the action, so that it values what was done.
    case observationsAndAction
    /// A memory of its own of the critic's observation columns.
    case memory(GRUShape)
    /// The activations of the policy's last hidden layer: both share the layers below, and the policy's memory.
    case policyFeatures
  }

  package let shape: MLPShape
  package let input: Input
  /// Whether the units follow the returns; otherwise they are the rewards' own.
  let normalizesValues: Bool
  /// Of the returns seen so far; one column.
  package var normalizer = Normalizer(columns: 1)
  /// Frozen between merges.
  package private(set) var mean: Float = 0
  /// 0 as long as the size of values is unknown.
  package private(set) var std: Float = 1
  /// Of the critic's observation columns.
  package var scaling: Scaling

  /// - Parameter returns: of the trainings that the network comes from.
  package init(
    shape: MLPShape, input: Input = .observations, scaling: Scaling, normalizesValues: Bool = true,
    returns: Normalizer? = nil
  ) {
    self.shape = shape
    self.input = input
    if let returns { normalizer = returns }
    self.scaling = scaling
    self.normalizesValues = normalizesValues
    updateUnits()
  }

  /// The network's own memory; nil where it has none.
  package var memory: GRUShape? { if case .memory(let shape) = input { shape } else { nil } }

  /// Whether something in front of the network learns through it.
  var needsInputGradient: Bool { input == .policyFeatures || memory != nil }

  /// Whether the network's output has a meaning.
  var hasUnits: Bool { std > 0 }

  /// A value in the network's units.
  func normalized(_ value: Float) -> Float { hasUnits ? (value - mean) / std : 0 }

  /// Takes in the statistics of a rollout's returns and rescales the output layer so that no value changes: the part of
  /// van Hasselt et al., "Learning values across many orders of magnitude" (2016), that preserves outputs. The first
  /// units leave the network as it is: its outputs are of a useful size in whatever units.
  ///
  /// - Parameter parameters: the network's.
  package mutating func merge(_ returns: Normalizer, rescaling parameters: inout MutableSpan<Float>) {
    normalizer.merge(returns)
    let (oldMean, oldStd, hadUnits) = (mean, std, hasUnits)
    updateUnits()
    guard hadUnits, hasUnits else { return }
    let layer = shape.layerCount - 1
    let ratio = oldStd / std
    for i in shape.offsets[layer]..<shape.biasOffset(layer) { parameters[i] *= ratio }
    let bias = shape.biasOffset(layer)
    parameters[bias] = (oldMean + oldStd * parameters[bias] - mean) / std
  }

  /// Derives mean and deviation from the normalizer.
  package mutating func updateUnits() {
    guard normalizesValues || normalizer.count > 0 else { return (mean, std) = (0, 1) }
    guard normalizer.count > 0 else { return (mean, std) = (0, 0) }
    // Relative to the mean, so that the unit of rewards does not matter and returns that are all alike are not blown up.
    let mean = normalizer.mean[0]
    self.mean = Float(mean)
    std = Float((normalizer.variance(0) + 1e-6 * mean * mean).squareRoot())
  }

  /// Writes values in normalized units; for a network that reads observations.
  func evaluate(
    _ observations: Span<Float>, spec: EnvSpec, parameters: Span<Float>, into values: inout MutableSpan<Float>
  ) {
    shape.evaluate(
      observations, rowLength: spec.observationCount, firstColumn: spec.criticColumns.lowerBound, scaling: scaling,
      parameters: parameters, into: &values)
  }
}
