import Environments

/// Pushes the cart under the pole: a linear law with gains found by hand. The lean is shown threefold.
struct ByHand: Policy {
  let spec: EnvSpec

  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    for i in actions.indices {
      let (place, lean) = (observations[4 * i], observations[4 * i + 1])
      let (speed, turn) = (observations[4 * i + 2], observations[4 * i + 3])
      actions[i] = 0.1 * place + 0.2 * speed + lean + 0.8 * turn
    }
  }
}
