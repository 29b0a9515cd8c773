#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The Adam optimiser (Kingma and Ba, "Adam: a method for stochastic optimization", 2015), as PyTorch computes it.
public struct Adam: Sendable, Equatable {
  public static let beta1: Float = 0.9
  public static let beta2: Float = 0.999
  /// Added to the root of the second moment.
  public static let epsilon: Float = 1e-8

  /// Running means of the gradient.
  public internal(set) var first: [Float]
  /// Running means of the squared gradient.
  public internal(set) var second: [Float]
  /// Steps taken.
  public internal(set) var steps = 0

  /// - Parameter count: how many parameters there are.
  public init(count: Int) {
    first = Array(repeating: 0, count: count)
    second = Array(repeating: 0, count: count)
  }

  /// What all parameters have in common in one step.
  struct Coefficients {
    var gradientScale: Float
    var stepSize: Float
    var secondMomentScale: Float
  }

  /// Starts a step and works out its bias corrections.
  mutating func nextStep(learningRate: Double, gradientScale: Double) -> Coefficients {
    steps += 1
    return Coefficients(
      gradientScale: Float(gradientScale),
      stepSize: Float(learningRate / (1 - pow(Double(Self.beta1), Double(steps)))),
      secondMomentScale: Float(1 / (1 - pow(Double(Self.beta2), Double(steps))).squareRoot()))
  }

  /// Moves all `parameters` against `gradient`.
  public mutating func step(_ parameters: inout [Float], gradient: [Float], learningRate: Double) {
    let coefficients = nextStep(learningRate: learningRate, gradientScale: 1)
    step(&parameters, gradient: gradient, momentsFrom: 0, coefficients)
  }
}
