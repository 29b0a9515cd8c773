/// An env that can be relied on: observations and rewards are finite, and every reason to end has a name.
///
/// Where its env does not keep to that, fails, or is given an action that is not a number, the step is `.faulted`: it shows
/// zeros and its reward is 0. An env whose first observation is not finite shows zeros and faults in the first step.
package struct GuardedEnv<E: Env & ~Copyable>: Env, ~Copyable {
  package private(set) var env: E
  private let reasons: Range<Int>
  private var isFaulted = false
  /// What the guard saw; nil where the env itself reported the fault.
  private var finding: String?
  /// A reason to end that has no name.
  private var unnamed: String?

  package init(_ env: consuming E) {
    reasons = env.spec.endings.indices
    self.env = env
  }

  package var spec: EnvSpec { env.spec }
  package var symmetry: Symmetry? { env.symmetry }
  package var difficulty: Double {
    get { env.difficulty }
    set { env.difficulty = newValue }
  }

  package var defect: String? { unnamed ?? env.defect }

  /// Why the last step was faulted; nil if it was not.
  package var faultReason: String? {
    isFaulted ? finding ?? env.faultReason ?? "the env failed and does not say why" : nil
  }

  package mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    let before = UserCode.enter(.reset)
    env.reset(seed: seed, observation: &observation)
    UserCode.leave(to: before)
    isFaulted = !isFinite(observation.span)
    finding = isFaulted ? "the episode starts with \(oddity(in: observation.span))" : nil
    if isFaulted { clear(&observation) }
  }

  package mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    if isFaulted { return fault(finding, showing: &observation) }
    for i in action.indices where action[i].isNaN {
      return fault("the policy's action '\(spec.actions[i].name)' is nan", showing: &observation)
    }
    let before = UserCode.enter(.step)
    let transition = env.step(action, observation: &observation)
    UserCode.leave(to: before)
    if transition.ending == .faulted { return fault(nil, showing: &observation) }
    guard transition.reward.isFinite else { return fault(oddity(of: transition.reward), showing: &observation) }
    guard isFinite(observation.span) else {
      return fault("the env shows \(oddity(in: observation.span))", showing: &observation)
    }
    if case .terminated(let reason) = transition.ending, !reasons.contains(reason) {
      if unnamed == nil {
        unnamed = spec.sentence(ofUnnamed: reason, from: "step", declaredIn: "EnvSpec")
      }
      return fault(unnamed, showing: &observation)
    }
    return transition
  }

  private mutating func fault(_ finding: String?, showing observation: inout MutableSpan<Float>) -> Transition {
    isFaulted = true
    self.finding = finding
    clear(&observation)
    return Transition(reward: 0, ending: .faulted)
  }

  private func clear(_ observation: inout MutableSpan<Float>) {
    for i in observation.indices { observation[i] = 0 }
  }

  /// The terms of a faulted step are zero, as its reward is.
  package func readRewardTerms(into terms: inout MutableSpan<Float>) {
    for i in terms.indices { terms[i] = 0 }
    guard !isFaulted else { return }
    let before = UserCode.enter(.read)
    env.readRewardTerms(into: &terms)
    UserCode.leave(to: before)
  }

  /// The figures of a faulted episode are undefined, and so is what the env does not write.
  package mutating func readMetrics(into metrics: inout MutableSpan<Double>) {
    for i in metrics.indices { metrics[i] = .nan }
    guard !isFaulted else { return }
    let before = UserCode.enter(.read)
    env.readMetrics(into: &metrics)
    UserCode.leave(to: before)
  }

  // MARK: What is wrong

  private func oddity(in observation: Span<Float>) -> String {
    var column = 0
    for slice in spec.observations {
      for i in 0..<slice.count where !observation[column + i].isFinite {
        return "\(observation[column + i]) in column \(i) of '\(slice.name)'"
      }
      column += slice.count
    }
    return "a number that is not finite"
  }

  private func oddity(of reward: Float) -> String {
    var terms = [Float](repeating: 0, count: spec.rewardTerms.count)
    do {
      var span = terms.mutableSpan
      env.readRewardTerms(into: &span)
    }
    let odd = zip(spec.rewardTerms, terms).first { !$0.1.isFinite }
    return "the reward is \(reward)" + (odd.map { ": its term '\($0.0)' is \($0.1)" } ?? "")
  }

  // MARK: Saving

  package func save(to writer: inout StateWriter) {
    writer.write(isFaulted)
    let before = UserCode.enter(.save)
    env.save(to: &writer)
    UserCode.leave(to: before)
  }

  package mutating func restore(from reader: inout StateReader) throws {
    isFaulted = try reader.readBool()
    finding = isFaulted ? "the env was saved in a faulted state" : nil
    let permitted = reader.permitsNonFinite
    // It is reset before it is asked again.
    if isFaulted { reader.permitsNonFinite = true }
    defer { reader.permitsNonFinite = permitted }
    let before = UserCode.enter(.save)
    defer { UserCode.leave(to: before) }
    try env.restore(from: &reader)
  }
}

/// Whether all values are finite.
package func isFinite(_ values: Span<Float>) -> Bool {
  // Not-a-number and infinity survive the multiplication, everything else becomes zero.
  var sum: Float = 0
  for i in values.indices { sum += 0 * values[i] }
  return sum == 0
}
