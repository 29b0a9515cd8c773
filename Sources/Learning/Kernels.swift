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

/// What a network went through on the way forward, kept for the way back; made once, used for every minibatch.
package struct Tape: Sendable {
  /// Rows that fit.
  package let capacity: Int
  fileprivate let starts: [Int]
  /// Input, then hidden activations, each `capacity` rows.
  package var values: [Float]
  /// `capacity` rows of output.
  package fileprivate(set) var output: [Float]
  /// Gradient of the loss by the output, to be filled in before the way back; overwritten by it.
  package var outputGradient: [Float]
  fileprivate var spare: [Float]

  package init(for network: MLP, capacity: Int) {
    self.capacity = capacity
    var starts: [Int] = []
    var count = 0
    for size in network.sizes.dropLast() {
      starts.append(count)
      count += size * capacity
    }
    self.starts = starts
    values = Array(repeating: 0, count: count)
    output = Array(repeating: 0, count: network.outputCount * capacity)
    let widest = network.sizes.dropFirst().reduce(1, max)
    outputGradient = Array(repeating: 0, count: widest * capacity)
    spare = outputGradient
  }
}

extension Tape {
  /// Copies `columns` of the rows that `order` names to the input.
  mutating func gather(_ order: Span<Int32>, of rows: [Float], rowLength: Int, columns: Range<Int>) {
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

extension MLP {
  /// Runs the tape's first `rows` rows of input forward.
  package func forward(rows: Int, tape: inout Tape) {
    precondition(rows <= tape.capacity && tape.starts.count == layerCount)
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

  /// Adds the gradient by the parameters to `gradient`, from the tape's `outputGradient` for its first `rows` rows.
  ///
  /// - Parameter transposed: what `writeTransposed(into:)` wrote for the present parameters.
  package func backward(rows: Int, tape: inout Tape, transposed: [Float], gradient: inout [Float]) {
    precondition(rows <= tape.capacity && tape.starts.count == layerCount)
    precondition(transposed.count == parameters.count && gradient.count == parameters.count)
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

  /// Writes each layer's weights transposed, at the same offsets as in `parameters`, for `backward`.
  package func writeTransposed(into transposed: inout [Float]) {
    precondition(transposed.count == parameters.count)
    unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe transposed.withUnsafeMutableBufferPointer { transposed in
        guard let parameters = parameters.baseAddress, let transposed = transposed.baseAddress else {
          return
        }
        for layer in 1..<max(1, layerCount) {
          unsafe ck_transpose(
            parameters + offsets[layer], transposed + offsets[layer], sizes[layer], sizes[layer + 1])
        }
      }
    }
  }

  /// Evaluates the network on rows of raw observations, of which it reads the columns from `firstColumn` on, without
  /// allocating. A row's result does not depend on the other rows.
  package func evaluate(
    _ observations: Span<Float>, rowLength: Int, firstColumn: Int, scaling: Scaling,
    into outputs: inout MutableSpan<Float>
  ) {
    let rows = observations.count / rowLength
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
func add(_ values: [Float], to sum: inout [Float]) {
  precondition(values.count == sum.count)
  unsafe values.withUnsafeBufferPointer { values in
    unsafe sum.withUnsafeMutableBufferPointer { sum in
      unsafe ck_best().pointee.add(values.baseAddress, sum.baseAddress, sum.count)
    }
  }
}

/// Σ x², in double precision and in an order that is the same everywhere.
func squaredNorm(_ values: [Float]) -> Double {
  unsafe values.withUnsafeBufferPointer { values in
    unsafe ck_best().pointee.squared_norm(values.baseAddress, values.count)
  }
}

extension Adam {
  /// Moves `parameters`, whose moments start at `start`, against `gradient`.
  mutating func step(
    _ parameters: inout [Float], gradient: [Float], momentsFrom start: Int, _ coefficients: Coefficients
  ) {
    let count = parameters.count
    precondition(start >= 0 && start + count <= first.count && gradient.count == count)
    var step = ck_adam_step(
      gradient_scale: coefficients.gradientScale, beta1: Self.beta1, beta2: Self.beta2,
      step_size: coefficients.stepSize, second_moment_scale: coefficients.secondMomentScale, epsilon: Self.epsilon)
    unsafe parameters.withUnsafeMutableBufferPointer { parameters in
      unsafe first.withUnsafeMutableBufferPointer { first in
        unsafe second.withUnsafeMutableBufferPointer { second in
          unsafe gradient.withUnsafeBufferPointer { gradient in
            guard let first = first.baseAddress, let second = second.baseAddress else { return }
            unsafe ck_best().pointee.adam(
              parameters.baseAddress, first + start, second + start, gradient.baseAddress, count, &step)
          }
        }
      }
    }
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
