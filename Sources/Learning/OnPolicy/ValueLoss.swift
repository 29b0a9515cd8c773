/// The squared error of a value network, with its gradient by the network's outputs.
package struct ValueLoss: Sendable, Equatable {
  /// The weight of the mean squared error.
  package var coefficient: Double
  /// How far an output may count as moved from the old one, in normalized units; 0 sets no limit.
  package var clip: Double

  package init(coefficient: Double, clip: Double = 0) {
    self.coefficient = coefficient
    self.clip = clip
  }

  /// Adds up squared errors and writes the gradient of `coefficient` times their mean over the whole minibatch.
  package func evaluate(
    _ order: Span<Int32>, of batch: borrowing Batch, samples: Int, outputs: [Float], outputGradient: inout [Float],
    sums: inout LossSums
  ) {
    var outputGradient = outputGradient.mutableSpan
    for row in order.indices {
      let sample = Int(order[row])
      let (output, target) = (Double(outputs[row]), Double(batch.targets[sample]))
      let error = output - target
      var square = error * error
      var slope = 2 * error
      if clip > 0 {
        let old = Double(batch.values[sample])
        let limitedError = old + min(max(output - old, -clip), clip) - target
        if limitedError * limitedError > square {
          square = limitedError * limitedError
          slope = 0
        }
      }
      sums.value += square
      outputGradient[row] = Float(coefficient * slope / Double(samples))
    }
  }
}
