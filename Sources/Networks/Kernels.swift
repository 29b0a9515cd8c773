import CKernels
import Environments

// The only file of this library that calls the kernels; sizes are checked here, before pointers are taken.

extension Activation {
  fileprivate var code: Int32 {
    switch self {
    case .tanh: Int32(CK_TANH)
    case .elu: Int32(CK_ELU)
    case .relu: Int32(CK_RELU)
    }
  }
}

extension Activation {
  /// The derivative where the activation has the value `value`.
  fileprivate func slope(atValue value: Float) -> Float {
    switch self {
    case .tanh: 1 - value * value
    case .elu: value > 0 ? 1 : value + 1
    case .relu: value > 0 ? 1 : 0
    }
  }
}

/// The activations of a forward pass, kept for the backward pass; made once, used for every minibatch.
package struct Tape: Sendable {
  /// Rows that fit.
  package let capacity: Int
  fileprivate let starts: [Int]
  /// Where the last hidden activations end.
  fileprivate let hiddenEnd: Int
  /// Input, then hidden activations, each `capacity` rows.
  package var values: [Float]
  /// `capacity` rows of output.
  package fileprivate(set) var output: [Float]
  /// Gradient of the loss by the output, to be filled in before the backward pass, which overwrites it.
  package var outputGradient: [Float]
  fileprivate var spare: [Float]
  /// Room for tangents, made when the first is asked for.
  fileprivate var tangent: [Float] = []
  fileprivate var zeros: [Float] = []

  package init(for network: MLPShape, capacity: Int) {
    self.capacity = capacity
    var starts: [Int] = []
    var count = 0
    for size in network.sizes.dropLast() {
      starts.append(count)
      count += size * capacity
    }
    self.starts = starts
    hiddenEnd = count
    values = Array(repeating: 0, count: count)
    output = Array(repeating: 0, count: network.outputCount * capacity)
    let widest = network.sizes.dropFirst().reduce(1, max)
    outputGradient = Array(repeating: 0, count: widest * capacity)
    spare = outputGradient
  }
}

extension Tape {
  /// Copies `columns` of the rows that `order` names to the input.
  package mutating func gather(_ order: Span<Int32>, of rows: [Float], rowLength: Int, columns: Range<Int>) {
    let width = columns.count
    precondition(order.count <= capacity && width * capacity <= values.count)
    precondition(columns.lowerBound >= 0 && columns.upperBound <= rowLength)
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe rows.withUnsafeBufferPointer { rows in
        guard let to = values.baseAddress, let from = rows.baseAddress else { return }
        for r in order.indices {
          let row = Int(order[r])
          precondition(row >= 0 && (row + 1) * rowLength <= rows.count)
          unsafe (to + r * width).update(from: from + row * rowLength + columns.lowerBound, count: width)
        }
      }
    }
  }
}

extension Tape {
  /// Writes scaled columns of the first `rows` of `source` to the input: `scaling.mean.count` of them, from `firstColumn` on.
  package mutating func scale(
    _ source: Span<Float>, rows: Int, rowLength: Int, firstColumn: Int, by scaling: Scaling
  ) {
    let width = scaling.mean.count
    precondition(rows <= capacity && width * capacity <= values.count && scaling.scale.count == width)
    precondition(firstColumn >= 0 && firstColumn + width <= rowLength && rows * rowLength <= source.count)
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe source.withUnsafeBufferPointer { source in
        unsafe scaling.mean.withUnsafeBufferPointer { mean in
          unsafe scaling.scale.withUnsafeBufferPointer { scale in
            guard let from = source.baseAddress else { return }
            unsafe ck_best().pointee.normalize(
              from + firstColumn, rowLength, mean.baseAddress, scale.baseAddress, scaling.clip, values.baseAddress,
              rows,
              width)
          }
        }
      }
    }
  }
}

extension Tape {
  /// Moves the hidden activations of the rows that `rows` names, in rising order, to the front, so that a backward pass to
  /// the input goes through them alone.
  package mutating func keep(_ rows: Span<Int32>) {
    precondition(rows.count <= capacity)
    unsafe values.withUnsafeMutableBufferPointer { values in
      guard let values = values.baseAddress else { return }
      for layer in starts.indices.dropFirst() {
        let end = layer + 1 < starts.count ? starts[layer + 1] : hiddenEnd
        let width = (end - starts[layer]) / capacity
        for r in rows.indices {
          let row = Int(rows[r])
          precondition(row >= r && row < capacity)
          guard row > r else { continue }
          let layerStart = unsafe values + starts[layer]
          unsafe (layerStart + r * width).update(from: layerStart + row * width, count: width)
        }
      }
    }
  }
}

extension MLPShape {
  /// Runs the tape's first `rows` rows of input forward.
  package func forward(rows: Int, tape: inout Tape, parameters: Span<Float>) {
    precondition(rows <= tape.capacity && tape.starts.count == layerCount && parameters.count == parameterCount)
    let starts = tape.starts
    unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe tape.values.withUnsafeMutableBufferPointer { values in
        unsafe tape.output.withUnsafeMutableBufferPointer { output in
          guard let parameters = parameters.baseAddress, let values = values.baseAddress else { return }
          let kernels = unsafe ck_best().pointee
          for layer in 0..<layerCount {
            let isLast = layer == layerCount - 1
            unsafe kernels.forward(
              values + starts[layer], parameters + offsets[layer], parameters + biasOffset(layer),
              isLast ? output.baseAddress : values + starts[layer + 1], rows, sizes[layer], sizes[layer + 1],
              isLast ? Int32(CK_IDENTITY) : activation.code)
          }
        }
      }
    }
  }

  /// Writes how the tape's first `rows` rows of output change with the parameters along `direction` to its
  /// `outputGradient`, by forward differentiation.
  package func writeTangent(
    rows: Int, tape: inout Tape, parameters: Span<Float>, direction: Span<Float>
  ) {
    precondition(rows <= tape.capacity && tape.starts.count == layerCount)
    precondition(parameters.count == parameterCount && direction.count == parameterCount)
    let starts = tape.starts
    if tape.tangent.isEmpty {
      tape.tangent = Array(repeating: 0, count: tape.spare.count)
      tape.zeros = Array(repeating: 0, count: sizes.reduce(1, max))
    }
    let zeros = tape.zeros
    unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe direction.withUnsafeBufferPointer { direction in
        unsafe tape.values.withUnsafeBufferPointer { values in
          unsafe tape.outputGradient.withUnsafeMutableBufferPointer { above in
            unsafe tape.spare.withUnsafeMutableBufferPointer { part in
              unsafe tape.tangent.withUnsafeMutableBufferPointer { tangent in
                unsafe zeros.withUnsafeBufferPointer { zeros in
                  guard let parameters = parameters.baseAddress, let direction = direction.baseAddress,
                    let values = values.baseAddress
                  else { return }
                  let kernels = unsafe ck_best().pointee
                  for layer in 0..<layerCount {
                    let (inputs, outputs, count) = (sizes[layer], sizes[layer + 1], rows * sizes[layer + 1])
                    unsafe kernels.forward(
                      values + starts[layer], direction + offsets[layer], direction + biasOffset(layer),
                      above.baseAddress, rows, inputs, outputs, Int32(CK_IDENTITY))
                    if layer > 0 {
                      unsafe kernels.forward(
                        tangent.baseAddress, parameters + offsets[layer], zeros.baseAddress, part.baseAddress, rows,
                        inputs, outputs, Int32(CK_IDENTITY))
                      unsafe kernels.add(part.baseAddress, above.baseAddress, count)
                    }
                    guard layer < layerCount - 1 else { break }
                    let reached = unsafe values + starts[layer + 1]
                    for i in 0..<count { unsafe tangent[i] = above[i] * activation.slope(atValue: reached[i]) }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Adds the gradient by the parameters to `gradient`, from the tape's `outputGradient` for its first `rows` rows.
  ///
  /// - Parameter transposed: what `writeTransposed` wrote for the present parameters.
  package func backward(
    rows: Int, tape: inout Tape, transposed: Span<Float>, gradient: inout MutableSpan<Float>
  ) {
    precondition(rows <= tape.capacity && tape.starts.count == layerCount)
    precondition(transposed.count == parameterCount && gradient.count == parameterCount)
    let starts = tape.starts
    unsafe transposed.withUnsafeBufferPointer { transposed in
      unsafe gradient.withUnsafeMutableBufferPointer { gradient in
        unsafe tape.values.withUnsafeBufferPointer { values in
          unsafe tape.outputGradient.withUnsafeMutableBufferPointer { outputGradient in
            unsafe tape.spare.withUnsafeMutableBufferPointer { spare in
              guard let transposed = transposed.baseAddress, let gradient = gradient.baseAddress,
                let values = values.baseAddress
              else { return }
              let kernels = unsafe ck_best().pointee
              var (above, below) = (outputGradient.baseAddress, spare.baseAddress)
              for layer in stride(from: layerCount - 1, through: 0, by: -1) {
                let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
                unsafe kernels.backward_weights(
                  values + starts[layer], above, gradient + offsets[layer], gradient + biasOffset(layer), rows, inputs,
                  outputs)
                guard layer > 0 else { break }
                unsafe kernels.backward_input(
                  above, transposed + offsets[layer], values + starts[layer], below, rows, inputs, outputs,
                  activation.code)
                unsafe swap(&above, &below)
              }
            }
          }
        }
      }
    }
  }

  /// Writes the gradient by the input to `inputGradient`, from the tape's `outputGradient` for its first `rows` rows; the
  /// gradient by the parameters is not computed.
  ///
  /// - Parameters:
  ///   - transposed: what `writeTransposed` wrote for the present parameters, the first layer's included.
  ///   - inputGradient: rows × `inputCount`.
  package func backwardToInput(
    rows: Int, tape: inout Tape, transposed: Span<Float>, inputGradient: inout MutableSpan<Float>
  ) {
    precondition(rows <= tape.capacity && tape.starts.count == layerCount)
    precondition(transposed.count == parameterCount && inputGradient.count >= rows * inputCount)
    let starts = tape.starts
    unsafe transposed.withUnsafeBufferPointer { transposed in
      unsafe inputGradient.withUnsafeMutableBufferPointer { inputGradient in
        unsafe tape.values.withUnsafeBufferPointer { values in
          unsafe tape.outputGradient.withUnsafeMutableBufferPointer { outputGradient in
            unsafe tape.spare.withUnsafeMutableBufferPointer { spare in
              guard let transposed = transposed.baseAddress, let values = values.baseAddress else { return }
              let kernels = unsafe ck_best().pointee
              var (above, below) = (outputGradient.baseAddress, spare.baseAddress)
              for layer in stride(from: layerCount - 1, through: 0, by: -1) {
                unsafe kernels.backward_input(
                  above, transposed + offsets[layer], values + starts[layer],
                  layer == 0 ? inputGradient.baseAddress : below, rows, sizes[layer], sizes[layer + 1],
                  layer == 0 ? Int32(CK_IDENTITY) : activation.code)
                unsafe swap(&above, &below)
              }
            }
          }
        }
      }
    }
  }

  /// Writes each layer's weights transposed, at the same offsets as in `parameters`, for `backward`.
  ///
  /// - Parameter includesFirst: whether the first layer's are needed, as by `backwardToInput`.
  package func writeTransposed(
    _ parameters: Span<Float>, into transposed: inout MutableSpan<Float>, includesFirst: Bool = false
  ) {
    precondition(parameters.count == parameterCount && transposed.count == parameterCount)
    unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe transposed.withUnsafeMutableBufferPointer { transposed in
        guard let parameters = parameters.baseAddress, let transposed = transposed.baseAddress else {
          return
        }
        for layer in (includesFirst ? 0 : 1)..<max(1, layerCount) {
          unsafe ck_transpose(
            parameters + offsets[layer], transposed + offsets[layer], sizes[layer], sizes[layer + 1])
        }
      }
    }
  }

  /// Evaluates the network on rows of raw observations, of which it reads the columns from `firstColumn` on, without
  /// allocating. A row's result does not depend on the other rows.
  package func evaluate(
    _ observations: Span<Float>, rowLength: Int, firstColumn: Int, scaling: Scaling, parameters: Span<Float>,
    into outputs: inout MutableSpan<Float>
  ) {
    let rows = observations.count / rowLength
    precondition(parameters.count == parameterCount)
    precondition(rows * rowLength == observations.count && outputs.count == rows * outputCount)
    precondition(firstColumn >= 0 && firstColumn + inputCount <= rowLength)
    precondition(scaling.mean.count == inputCount && scaling.scale.count == inputCount)
    guard rows > 0 else { return }
    unsafe observations.withUnsafeBufferPointer { observations in
      unsafe outputs.withUnsafeMutableBufferPointer { outputs in
        unsafe parameters.withUnsafeBufferPointer { parameters in
          unsafe sizes.withUnsafeBufferPointer { sizes in
            unsafe scaling.mean.withUnsafeBufferPointer { mean in
              unsafe scaling.scale.withUnsafeBufferPointer { scale in
                guard let from = observations.baseAddress else { return }
                var network = unsafe ck_network(
                  parameters: parameters.baseAddress, sizes: sizes.baseAddress, layers: layerCount,
                  activation: activation.code, mean: mean.baseAddress, scale: scale.baseAddress, clip: scaling.clip)
                unsafe ck_evaluate(&network, from + firstColumn, rowLength, outputs.baseAddress, rows)
              }
            }
          }
        }
      }
    }
  }
}

extension MLP {
  /// Evaluates the network on rows of raw observations; see `MLPShape.evaluate`.
  package func evaluate(
    _ observations: Span<Float>, rowLength: Int, firstColumn: Int, scaling: Scaling,
    into outputs: inout MutableSpan<Float>
  ) {
    shape.evaluate(
      observations, rowLength: rowLength, firstColumn: firstColumn, scaling: scaling, parameters: parameters.span,
      into: &outputs)
  }
}

extension Scaling {
  /// Writes scaled rows of `mean.count` columns.
  package func apply(to rows: Span<Float>, into scaled: inout MutableSpan<Float>) {
    let columns = mean.count
    precondition(rows.count == scaled.count && rows.count % columns == 0)
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe scaled.withUnsafeMutableBufferPointer { scaled in
        unsafe mean.withUnsafeBufferPointer { mean in
          unsafe scale.withUnsafeBufferPointer { scale in
            unsafe ck_best().pointee.normalize(
              rows.baseAddress, columns, mean.baseAddress, scale.baseAddress, clip, scaled.baseAddress,
              rows.count / columns, columns)
          }
        }
      }
    }
  }
}

/// `sum[i] += values[i]`.
package func add(_ values: Span<Float>, to sum: inout MutableSpan<Float>) {
  precondition(values.count == sum.count)
  unsafe values.withUnsafeBufferPointer { values in
    unsafe sum.withUnsafeMutableBufferPointer { sum in
      unsafe ck_best().pointee.add(values.baseAddress, sum.baseAddress, sum.count)
    }
  }
}

/// Σ x², in double precision and in an order that is the same everywhere.
package func squaredNorm(_ values: Span<Float>) -> Double {
  unsafe values.withUnsafeBufferPointer { values in
    unsafe ck_best().pointee.squared_norm(values.baseAddress, values.count)
  }
}

/// Σ x², in double precision and in an order that is the same everywhere.
package func squaredNorm(_ values: [Float]) -> Double { squaredNorm(values.span) }

extension Adam.Coefficients {
  /// Moves `parameters` against `gradient` and updates their moments, `first` and `second`; all are of one length.
  package func step(
    _ parameters: inout MutableSpan<Float>, first: inout MutableSpan<Float>, second: inout MutableSpan<Float>,
    gradient: Span<Float>
  ) {
    let count = parameters.count
    precondition(first.count == count && second.count == count && gradient.count == count)
    var step = ck_adam_step(
      gradient_scale: gradientScale, beta1: rule.beta1, beta2: rule.beta2, step_size: stepSize,
      second_moment_scale: secondMomentScale, epsilon: rule.epsilon)
    unsafe parameters.withUnsafeMutableBufferPointer { parameters in
      unsafe first.withUnsafeMutableBufferPointer { first in
        unsafe second.withUnsafeMutableBufferPointer { second in
          unsafe gradient.withUnsafeBufferPointer { gradient in
            unsafe ck_best().pointee.adam(
              parameters.baseAddress, first.baseAddress, second.baseAddress, gradient.baseAddress, count, &step)
          }
        }
      }
    }
  }
}

/// `targets[i] += rate * (values[i] - targets[i])`.
package func follow(_ values: Span<Float>, rate: Float, by targets: inout MutableSpan<Float>) {
  precondition(values.count == targets.count)
  for i in targets.indices { targets[i] += rate * (values[i] - targets[i]) }
}

/// Lends `body` room for `count` numbers, on the stack where they are few; nothing is kept.
func withScratch(_ count: Int, _ body: (inout MutableSpan<Float>) -> Void) {
  unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { buffer in
    unsafe buffer.initialize(repeating: 0)
    var span = unsafe buffer.mutableSpan
    body(&span)
  }
}

/// What the processor's arithmetic can do at best, as a measure for what is done with it.
package enum PeakArithmetic {
  /// Which variant of the kernels this processor runs.
  package static var variant: String { unsafe String(cString: ck_best().pointee.name) }

  /// Makes multiply-adds in registers on this thread; returns how many floating-point operations they were.
  package static func run(rounds: Int) -> Double {
    var sink: Float = 1
    return unsafe ck_best().pointee.saturate(rounds, &sink)
  }
}
