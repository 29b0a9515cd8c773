import Environments

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The deterministic policy gradient (Silver et al., "Deterministic policy gradient algorithms", 2014): the policy gives an
/// action, tanh of its outputs, and is moved up the slope of the first critic's value there. The loss is −Q(s, π(s)).
package protocol DeterministicObjective: OffPolicyObjective {}

extension DeterministicObjective {
  package var usesTargetPolicy: Bool { true }
  package var policyCritics: Int { 1 }

  /// The actions of the target policy as they are.
  package func chooseNext(
    from outputs: Span<Float>, using random: inout Random, into actions: inout MutableSpan<Float>,
    bonuses: inout MutableSpan<Float>
  ) {
    for i in outputs.indices { actions[i] = tanh(outputs[i]) }
    for row in bonuses.indices { bonuses[row] = 0 }
  }

  package func choose(
    from outputs: Span<Float>, using random: inout Random, into actions: inout MutableSpan<Float>,
    noise: inout MutableSpan<Float>
  ) -> (loss: Double, logProbability: Double) {
    for i in outputs.indices { actions[i] = tanh(outputs[i]) }
    return (0, 0)
  }

  package func writeGradient(
    outputs: Span<Float>, actions: Span<Float>, noise: Span<Float>, slopes: Span<Float>, share: Float,
    into gradient: inout MutableSpan<Float>
  ) {
    for i in outputs.indices { gradient[i] = slopes[i] * (1 - actions[i] * actions[i]) }
  }
}
