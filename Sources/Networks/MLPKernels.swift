import CKernels
import Environments

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
  /// Gradient by the last hidden activations that comes from another network that reads them, already multiplied by the
  /// activation's derivative; empty unless asked for.
  package var featureGradient: [Float]
  /// Gradient of the loss by the input, left by the backward pass; empty unless asked for.
  package fileprivate(set) var inputGradient: [Float]
  fileprivate var spare: [Float]
  /// Room for tangents, made when the first is asked for.
  fileprivate var tangent: [Float] = []
  fileprivate var zeros: [Float] = []

  /// - Parameters:
  ///   - sharesFeatures: whether another network reads the last hidden activations and has a gradient by them.
  ///   - needsInputGradient: whether backward passes go on to the input.
  package init(
    for network: MLPShape, capacity: Int, sharesFeatures: Bool = false, needsInputGradient: Bool = false
  ) {
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
    featureGradient = Array(repeating: 0, count: sharesFeatures ? network.featureCount * capacity : 0)
    inputGradient = Array(repeating: 0, count: needsInputGradient ? network.inputCount * capacity : 0)
    spare = outputGradient
  }
}

extension Tape {
  /// Copies `columns` of the rows that `order` names to the input.
  package mutating func gather(_ order: Span<Int32>, of rows: [Float], rowLength: Int, columns: Range<Int>) {
    precondition(order.count <= capacity)
    var input = values.mutableSpan
    Networks.gather(order, of: rows.span, rowLength: rowLength, columns: columns, into: &input)
  }
}

extension Tape {
  /// Copies rows of input.
  package mutating func setInput(_ rows: Span<Float>) {
    precondition(rows.count <= (starts.count > 1 ? starts[1] : hiddenEnd))
    for i in rows.indices { values[i] = rows[i] }
  }

  /// Copies the last hidden activations of another network's first `rows` rows.
  package mutating func setInput(featuresOf other: Tape, rows: Int) {
    setInput(other.values.span.extracting(other.features(rows: rows)))
  }

  /// The last hidden activations of the first `rows` rows; the input where there is no hidden layer.
  package func features(rows: Int) -> Range<Int> {
    let start = starts[starts.count - 1]
    return start..<start + rows * (hiddenEnd - start) / capacity
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

  /// Adds the gradient by the parameters to `gradient`, from the tape's `outputGradient` for its first `rows` rows and its
  /// `featureGradient`, and leaves its `inputGradient`, where it has these.
  ///
  /// - Parameter transposed: what `writeTransposed` wrote for the present parameters.
  package func backward(
    rows: Int, tape: inout Tape, transposed: Span<Float>, gradient: inout MutableSpan<Float>
  ) {
    precondition(rows <= tape.capacity && tape.starts.count == layerCount)
    precondition(transposed.count == parameterCount && gradient.count == parameterCount)
    let starts = tape.starts
    let (hasFeatures, hasInput) = (!tape.featureGradient.isEmpty, !tape.inputGradient.isEmpty)
    precondition(!hasFeatures || tape.featureGradient.count == featureCount * tape.capacity)
    precondition(!hasInput || tape.inputGradient.count == inputCount * tape.capacity)
    unsafe transposed.withUnsafeBufferPointer { transposed in
      unsafe gradient.withUnsafeMutableBufferPointer { gradient in
        unsafe tape.values.withUnsafeBufferPointer { values in
          unsafe tape.outputGradient.withUnsafeMutableBufferPointer { outputGradient in
            unsafe tape.spare.withUnsafeMutableBufferPointer { spare in
              unsafe tape.featureGradient.withUnsafeBufferPointer { features in
                unsafe tape.inputGradient.withUnsafeMutableBufferPointer { inputGradient in
                  guard let transposed = transposed.baseAddress, let gradient = gradient.baseAddress,
                    let values = values.baseAddress
                  else { return }
                  let kernels = unsafe ck_best().pointee
                  var (above, below) = (outputGradient.baseAddress, spare.baseAddress)
                  for layer in stride(from: layerCount - 1, through: 0, by: -1) {
                    let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
                    unsafe kernels.backward_weights(
                      values + starts[layer], above, gradient + offsets[layer], gradient + biasOffset(layer), rows,
                      inputs, outputs)
                    guard layer > 0 || hasInput else { break }
                    let target = unsafe layer > 0 ? below : inputGradient.baseAddress
                    unsafe kernels.backward_input(
                      above, transposed + offsets[layer], values + starts[layer], target, rows, inputs, outputs,
                      layer > 0 ? activation.code : Int32(CK_IDENTITY))
                    if layer == layerCount - 1, hasFeatures {
                      unsafe kernels.add(features.baseAddress, target, rows * inputs)
                    }
                    unsafe swap(&above, &below)
                  }
                }
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
