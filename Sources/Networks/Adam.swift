#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The Adam optimizer (Kingma and Ba, "Adam: a method for stochastic optimization", 2015), as PyTorch computes it.
///
/// Without the first moment and the bias corrections it is RMSProp (Tieleman and Hinton, 2012), which `rule` chooses.
public struct Adam: Sendable, Equatable {
  public enum Rule: String, Sendable, Equatable, CaseIterable {
    case adam
    case rmsProp = "rmsprop"

    /// The shares of the old moments that a step keeps.
    var beta1: Float { self == .adam ? 0.9 : 0 }
    var beta2: Float { self == .adam ? 0.999 : 0.99 }
    /// Added to the root of the second moment.
    var epsilon: Float { self == .adam ? 1e-8 : 1e-5 }
  }

  public var rule = Rule.adam

  /// Running means of the gradient.
  public package(set) var first: [Float]
  /// Running means of the squared gradient.
  public package(set) var second: [Float]
  /// Steps taken.
  public package(set) var steps = 0

  /// - Parameter count: how many parameters there are.
  public init(count: Int) {
    first = Array(repeating: 0, count: count)
    second = Array(repeating: 0, count: count)
  }

  /// What all parameters have in common in one step.
  package struct Coefficients: Sendable {
    package var rule = Rule.adam
    package var gradientScale: Float
    package var stepSize: Float
    package var secondMomentScale: Float
  }

  /// Starts a step and computes its bias corrections.
  package mutating func nextStep(learningRate: Double, gradientScale: Double) -> Coefficients {
    steps += 1
    guard rule == .adam else {
      return Coefficients(
        rule: rule, gradientScale: Float(gradientScale), stepSize: Float(learningRate), secondMomentScale: 1)
    }
    return Coefficients(
      gradientScale: Float(gradientScale),
      stepSize: Float(learningRate / (1 - pow(Double(rule.beta1), Double(steps)))),
      secondMomentScale: Float(1 / (1 - pow(Double(rule.beta2), Double(steps))).squareRoot()))
  }

  /// Moves the part of the parameters whose moments start at `start` against `gradient`.
  package mutating func step(
    _ parameters: inout MutableSpan<Float>, gradient: Span<Float>, momentsFrom start: Int = 0,
    _ coefficients: Coefficients
  ) {
    let range = start..<start + parameters.count
    // Moved out while they are written, so that their spans do not overlap.
    var (first, second) = (exchange(&self.first, with: []), exchange(&self.second, with: []))
    defer { (self.first, self.second) = (first, second) }
    var allFirst = first.mutableSpan
    var allSecond = second.mutableSpan
    var ownFirst = allFirst._mutatingExtracting(range)
    var ownSecond = allSecond._mutatingExtracting(range)
    coefficients.step(&parameters, first: &ownFirst, second: &ownSecond, gradient: gradient)
  }

  /// Moves all `parameters` against `gradient`.
  public mutating func step(_ parameters: inout [Float], gradient: [Float], learningRate: Double) {
    let coefficients = nextStep(learningRate: learningRate, gradientScale: 1)
    var span = parameters.mutableSpan
    step(&span, gradient: gradient.span, coefficients)
  }
}
