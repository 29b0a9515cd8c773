#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The normal distribution of one variable, as densities and as gradients; a diagonal Gaussian is a sum over these.
public enum Gaussian {
  /// ½ ln 2π.
  package static let halfLogTau = 0.91893853320467274178

  /// The logarithm of the density at `x`.
  public static func logProbability(_ x: Double, mean: Double, logStd: Double) -> Double {
    let z = (x - mean) * exp(-logStd)
    return -0.5 * z * z - logStd - halfLogTau
  }

  /// The differential entropy, ½ ln(2πe σ²).
  public static func entropy(logStd: Double) -> Double { 0.5 + halfLogTau + logStd }

  /// The Kullback–Leibler divergence of N(mean, std²) from N(oldMean, oldStd²): KL(old ‖ new).
  public static func divergence(oldMean: Double, oldLogStd: Double, mean: Double, logStd: Double) -> Double {
    let difference = (oldMean - mean) * exp(-logStd)
    return logStd - oldLogStd + 0.5 * (exp(2 * (oldLogStd - logStd)) + difference * difference - 1)
  }
}

/// A smooth floor under the logarithm of a standard deviation: `logStd = floor + softplus(raw − floor)`.
///
/// Far above the floor it changes nothing; below, the deviation approaches its floor and keeps a gradient, where a hard
/// limit would strand it.
package struct StdFloor: Sendable, Equatable {
  /// The logarithm of the smallest standard deviation.
  package let floor: Double

  package init(minStd: Double) { floor = log(minStd) }

  package func logStd(raw: Float) -> Double {
    let x = Double(raw) - floor
    return floor + max(x, 0) + log1p(exp(-abs(x)))
  }

  /// d logStd / d raw.
  package func slope(raw: Float) -> Double { 1 / (1 + exp(floor - Double(raw))) }

  /// The raw value that gives `std`, which must be above the floor.
  package func raw(std: Double) -> Float {
    let y = log(std) - floor
    return Float(floor + y + log(-expm1(-y)))
  }
}
