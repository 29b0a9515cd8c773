import Environments

/// Terms of the reward that are not finite, do not add up, or differ so much in size that the small ones do not count.
enum RewardCheck {
  /// How many times smaller than the greatest a term may be.
  static let greatestRatio = 1_000.0
  /// A term smaller than this share of the greatest was never earned, such as a bonus near a goal that was not reached.
  static let unpaid = 1e-6
  static let greatestReward = 100.0
  /// Rewards that are all smaller have a unit that does not fit them.
  static let leastReward = 1e-3

  static func findings(in samples: [SampledRollouts], _ spec: EnvSpec) -> [Finding] {
    let width = spec.rewardTerms.count
    let sizes = spec.rewardTerms.indices.map { term in
      samples.reduce(0.0) { size, sample in
        stride(from: term, to: sample.terms.count, by: width).reduce(size) { found, i in
          sample.terms[i].isFinite ? max(found, abs(sample.terms[i])) : .infinity
        }
      }
    }
    let infinite = zip(spec.rewardTerms, sizes).filter { $0.1 == .infinity }.map { name, _ in
      Finding(
        id: "reward_not_finite", severity: .error, place: "reward term '\(name)'", sentence: "it is not always finite",
        hint:
          "look for a division by what can be 0, a root or logarithm of what can be below 0, or an exponential without bound"
      )
    }
    guard infinite.isEmpty else { return infinite }
    return sizeFindings(spec, sizes) + [sum(samples, spec), size(samples)].compactMap { $0 }
  }

  private static func sizeFindings(_ spec: EnvSpec, _ sizes: [Double]) -> [Finding] {
    guard let largest = sizes.indices.max(by: { sizes[$0] < sizes[$1] }), sizes[largest] > 0 else {
      return spec.rewardTerms.isEmpty
        ? []
        : [
          Finding(
            id: "no_reward", severity: .error,
            sentence: "the reward is 0 at every step of zero, random and extreme actions",
            hint: "reward progress, so that there is something to learn from at the start")
        ]
    }
    return spec.rewardTerms.indices.compactMap { i in
      let place = "reward term '\(spec.rewardTerms[i])'"
      if sizes[i] < unpaid * sizes[largest] {
        return Finding(
          id: "unpaid_reward", severity: .note, place: place,
          sentence: "it is 0 at every step of zero, random and extreme actions",
          hint:
            "a penalty may be so, and a bonus near the goal if another term leads there; else check whether it is computed correctly"
        )
      }
      guard sizes[i] * greatestRatio < sizes[largest] else { return nil }
      return Finding(
        id: "reward_sizes", severity: .warning, place: place,
        sentence:
          "it is at most \(figure(sizes[i])), '\(spec.rewardTerms[largest])' up to \(figure(sizes[largest])): it hardly counts",
        hint: "give it \(figure(sizes[largest] / sizes[i] / 10)) times the weight, or leave it out")
    }
  }

  private static func sum(_ samples: [SampledRollouts], _ spec: EnvSpec) -> Finding? {
    let width = spec.rewardTerms.count
    guard width > 0 else { return nil }
    for sample in samples {
      for (step, reward) in sample.rewards.enumerated() {
        let terms = sample.terms[step * width..<(step + 1) * width]
        let (sum, size) = (terms.reduce(0, +), terms.reduce(0) { $0 + abs($1) })
        guard abs(sum - Double(reward)) > 1e-4 * (size + 1e-4) else { continue }
        return Finding(
          id: "reward_sum", severity: .error,
          sentence: "the reward of a step is \(figure(Double(reward))), but its terms add up to \(figure(sum))",
          hint: "let the reward be the sum of its terms, so that what is reported is what is learned from")
      }
    }
    return nil
  }

  private static func size(_ samples: [SampledRollouts]) -> Finding? {
    let size = samples.reduce(0.0) { size, sample in sample.rewards.reduce(size) { max($0, abs(Double($1))) } }
    if size > greatestReward {
      return Finding(
        id: "large_reward", severity: .warning, sentence: "the reward of a step reaches \(figure(size))",
        hint: "scale all terms so that a good step is worth about 1 or less, or bound the term that grows")
    }
    guard size > 0, size < leastReward else { return nil }
    return Finding(
      id: "tiny_reward", severity: .warning, sentence: "the reward of a step is \(figure(size)) at most",
      hint: "scale all terms by about \(figure(ObservationCheck.power(below: 1 / size))), so that a good step is "
        + "worth about 1")
  }
}
