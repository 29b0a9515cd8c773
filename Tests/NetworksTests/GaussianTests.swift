import Networks
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct GaussianTests {
  /// ∫ f over ±12 standard deviations by the trapezium rule, which converges exponentially for such functions.
  private static func integral(mean: Double, std: Double, _ f: (Double) -> Double) -> Double {
    let count = 4000
    let step = 24 * std / Double(count)
    return (0...count).reduce(0) { $0 + f(mean - 12 * std + Double($1) * step) } * step
  }

  @Test(arguments: [(0.3, -0.7), (-2.0, 0.5), (0.0, -3.0)])
  func densityIntegratesToOne(mean: Double, logStd: Double) {
    let total = Self.integral(mean: mean, std: exp(logStd)) {
      exp(Gaussian.logProbability($0, mean: mean, logStd: logStd))
    }
    #expect(abs(total - 1) < 1e-12)
    let spread = Self.integral(mean: mean, std: exp(logStd)) {
      ($0 - mean) * ($0 - mean) * exp(Gaussian.logProbability($0, mean: mean, logStd: logStd))
    }
    #expect(abs(spread / exp(2 * logStd) - 1) < 1e-12)
  }

  @Test(arguments: [-3.0, -0.7, 0.5])
  func entropyIsTheIntegral(logStd: Double) {
    let entropy = Self.integral(mean: 0.4, std: exp(logStd)) {
      let log = Gaussian.logProbability($0, mean: 0.4, logStd: logStd)
      return -log * exp(log)
    }
    #expect(abs(Gaussian.entropy(logStd: logStd) - entropy) < 1e-11)
  }

  @Test func divergenceIsTheIntegral() {
    for (oldMean, oldLogStd, mean, logStd) in [(0.1, -0.5, 0.4, -0.9), (0, 0, 0, 0), (1, -2, 0.9, -1.5)] {
      let divergence = Self.integral(mean: oldMean, std: exp(oldLogStd)) {
        let old = Gaussian.logProbability($0, mean: oldMean, logStd: oldLogStd)
        return exp(old) * (old - Gaussian.logProbability($0, mean: mean, logStd: logStd))
      }
      let found = Gaussian.divergence(oldMean: oldMean, oldLogStd: oldLogStd, mean: mean, logStd: logStd)
      #expect(abs(found - divergence) < 1e-11)
    }
  }

  @Test func floorIsSmooth() {
    let floor = StdFloor(minStd: 0.05)
    for std in [0.051, 0.1, 0.5, 2.0] {
      #expect(abs(exp(floor.logStd(raw: floor.raw(std: std))) - std) < 1e-6)
    }
    for raw in stride(from: -20 as Float, through: 5, by: 0.5) {
      let slope = (floor.logStd(raw: raw + 0x1p-10) - floor.logStd(raw: raw - 0x1p-10)) / 0x1p-9
      #expect(abs(slope - floor.slope(raw: raw)) < 1e-6)
      #expect(exp(floor.logStd(raw: raw)) > 0.05 && floor.slope(raw: raw) > 0)
    }
  }
}
