import CKernels
import Environments

// This file and `MLPKernels.swift` alone call the kernels; sizes are checked there, before pointers are taken.

extension Activation {
  var code: Int32 {
    switch self {
    case .tanh: Int32(CK_TANH)
    case .elu: Int32(CK_ELU)
    case .relu: Int32(CK_RELU)
    }
  }
}

extension Activation {
  /// The derivative where the activation has the value `value`.
  package func slope(atValue value: Float) -> Float {
    switch self {
    case .tanh: 1 - value * value
    case .elu: value > 0 ? 1 : value + 1
    case .relu: value > 0 ? 1 : 0
    }
  }
}

/// A dense layer on its own, for networks that are more than a chain of such layers. Its parameters are the weights
/// (input-major), then the biases.
enum Dense {
  /// y = x w + b, for the rows of `x`.
  static func forward(
    _ x: Span<Float>, parameters: Span<Float>, outputs: Int, into y: inout MutableSpan<Float>
  ) {
    let inputs = parameters.count / outputs - 1
    let rows = y.count / outputs
    precondition(parameters.count == (inputs + 1) * outputs && x.count == rows * inputs && y.count == rows * outputs)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe parameters.withUnsafeBufferPointer { parameters in
        unsafe y.withUnsafeMutableBufferPointer { y in
          guard let weights = parameters.baseAddress else { return }
          unsafe ck_best().pointee.forward(
            x.baseAddress, weights, weights + inputs * outputs, y.baseAddress, rows, inputs, outputs,
            Int32(CK_IDENTITY))
        }
      }
    }
  }

  /// dx = dy wᵀ.
  ///
  /// - Parameter transposed: the weights as outputs × inputs.
  static func backwardInput(
    _ dy: Span<Float>, transposed: Span<Float>, inputs: Int, into dx: inout MutableSpan<Float>
  ) {
    let rows = dx.count / inputs
    let outputs = transposed.count / inputs
    precondition(transposed.count == inputs * outputs && dx.count == rows * inputs && dy.count == rows * outputs)
    unsafe dy.withUnsafeBufferPointer { dy in
      unsafe transposed.withUnsafeBufferPointer { transposed in
        unsafe dx.withUnsafeMutableBufferPointer { dx in
          unsafe ck_best().pointee.backward_input(
            dy.baseAddress, transposed.baseAddress, dx.baseAddress, dx.baseAddress, rows, inputs, outputs,
            Int32(CK_IDENTITY))
        }
      }
    }
  }

  /// Adds xᵀ dy to the weights' part of `gradient` and the column sums of dy to the biases'.
  static func backwardWeights(
    _ x: Span<Float>, _ dy: Span<Float>, outputs: Int, gradient: inout MutableSpan<Float>
  ) {
    let inputs = gradient.count / outputs - 1
    let rows = dy.count / outputs
    precondition(gradient.count == (inputs + 1) * outputs && x.count == rows * inputs && dy.count == rows * outputs)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe dy.withUnsafeBufferPointer { dy in
        unsafe gradient.withUnsafeMutableBufferPointer { gradient in
          guard let weights = gradient.baseAddress else { return }
          unsafe ck_best().pointee.backward_weights(
            x.baseAddress, dy.baseAddress, weights, weights + inputs * outputs, rows, inputs, outputs)
        }
      }
    }
  }

  /// The transpose of rows × columns numbers.
  static func transpose(_ matrix: Span<Float>, columns: Int, into transposed: inout MutableSpan<Float>) {
    let rows = matrix.count / columns
    precondition(matrix.count == rows * columns && transposed.count == matrix.count)
    unsafe matrix.withUnsafeBufferPointer { matrix in
      unsafe transposed.withUnsafeMutableBufferPointer { transposed in
        guard let from = matrix.baseAddress, let to = transposed.baseAddress else { return }
        unsafe ck_transpose(from, to, rows, columns)
      }
    }
  }

  /// The hyperbolic tangent of every number.
  static func applyTanh(to values: inout MutableSpan<Float>) {
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe ck_best().pointee.activate(values.baseAddress, values.baseAddress, values.count, Int32(CK_TANH))
    }
  }
}

/// Copies `columns` of the rows that `order` names to `destination`, one behind the other.
package func gather(
  _ order: Span<Int32>, of rows: Span<Float>, rowLength: Int, columns: Range<Int>,
  into destination: inout MutableSpan<Float>
) {
  let width = columns.count
  precondition(order.count * width <= destination.count)
  precondition(columns.lowerBound >= 0 && columns.upperBound <= rowLength)
  unsafe destination.withUnsafeMutableBufferPointer { destination in
    unsafe rows.withUnsafeBufferPointer { rows in
      guard let to = destination.baseAddress, let from = rows.baseAddress else { return }
      for r in order.indices {
        let row = Int(order[r])
        precondition(row >= 0 && (row + 1) * rowLength <= rows.count)
        unsafe (to + r * width).update(from: from + row * rowLength + columns.lowerBound, count: width)
      }
    }
  }
}

extension Scaling {
  /// Writes scaled rows of `mean.count` columns.
  ///
  /// - Parameters:
  ///   - rowLength: columns of `rows`; nil for `mean.count`.
  ///   - firstColumn: the first of those that are scaled.
  package func apply(
    to rows: Span<Float>, rowLength: Int? = nil, firstColumn: Int = 0, into scaled: inout MutableSpan<Float>
  ) {
    let columns = mean.count
    let rowLength = rowLength ?? columns
    let count = scaled.count / columns
    precondition(scaled.count == count * columns && rows.count == count * rowLength && scale.count == columns)
    precondition(firstColumn >= 0 && firstColumn + columns <= rowLength)
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe scaled.withUnsafeMutableBufferPointer { scaled in
        unsafe mean.withUnsafeBufferPointer { mean in
          unsafe scale.withUnsafeBufferPointer { scale in
            guard let from = rows.baseAddress else { return }
            unsafe ck_best().pointee.normalize(
              from + firstColumn, rowLength, mean.baseAddress, scale.baseAddress, clip, scaled.baseAddress, count,
              columns)
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
