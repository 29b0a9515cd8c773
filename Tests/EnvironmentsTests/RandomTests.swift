import Environments
import Testing

/// Known answers come from the authors' C code (prng.di.unimi.it) behind the seeding that `Random` documents, and from
/// mpmath at 40 digits.
struct RandomTests {
  /// A generator with the given state.
  private func random(_ state: UInt64...) throws -> Random {
    var writer = StateWriter()
    for word in state { writer.write(word) }
    var reader = StateReader(writer.bytes)
    var random = Random(seed: 0)
    try random.restore(from: &reader)
    return random
  }

  @Test func followsThePublishedSequence() throws {
    var random = try random(1, 2, 3, 4)
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
      9_973_669_472_204_895_162, 14_011_001_112_246_962_877, 12_406_186_145_184_390_807,
      15_849_039_046_786_891_736, 10_450_023_813_501_588_000,
    ]
    for value in expected { #expect(random.next() == value) }
  }

  @Test(
    arguments: [
      (
        0, 0, [0x84F0_9BF3_07C1_073A, 0xC82F_FB59_7CEE_E51B, 0xADF9_6905_C5DF_4417, 0xE9D9_A848_9D04_2C93],
        0xD63F_5007_D7A5_CC3A
      ),
      (
        1, 0, [0x7045_60CE_D7CC_0501, 0x4EEF_9003_6C89_C53A, 0xDCE0_5AF2_BA13_64D7, 0xE019_C821_60DB_BF4C],
        0xB2A4_A793_43B3_6044
      ),
      (
        1, 1, [0x90E6_DD13_DBCE_31B0, 0x1E81_929B_B623_5623, 0x3891_66FE_E304_8388, 0x6636_A9A4_575D_936A],
        0xF844_C5CC_9E34_E006
      ),
      (
        42, 7, [0xEE92_AE27_1129_50E6, 0x8DD4_EB7D_1E7A_7E87, 0xA7EC_69A5_5E0E_4847, 0x9BED_3479_AEF5_6848],
        0x0F48_5B70_6EEC_23A6
      ),
      (
        .max, .max, [0x0DB5_DBAF_A8D6_0F93, 0xA6B6_DA7B_9900_34C5, 0x209E_17BA_FDB9_CE90, 0x042D_3DB3_2CA0_FE39],
        0xEF9E_F056_3975_4325
      ),
    ] as [(UInt64, UInt64, [UInt64], UInt64)])
  func isSeededAsDocumented(_ seed: UInt64, _ stream: UInt64, _ first: [UInt64], _ thousandth: UInt64) {
    var random = Random(seed: seed, stream: stream)
    for value in first { #expect(random.next() == value) }
    for _ in 4..<999 { _ = random.next() }
    #expect(random.next() == thousandth)
  }

  @Test func streamsAndSeedsDoNotMeet() {
    var seen: Set<UInt64> = []
    let (sources, draws) = (200, 50)
    for seed in 0..<UInt64(sources / 10) {
      for stream in 0..<UInt64(10) {
        var random = Random(seed: seed, stream: stream)
        for _ in 0..<draws { seen.insert(random.next()) }
      }
    }
    #expect(seen.count == sources * draws)
  }

  @Test func neighboringStreamsAreUncorrelated() {
    let count = 20_000
    for (left, right) in [(0, 1), (1, 2), (5, 1 << 32), (0, ~0)] as [(UInt64, UInt64)] {
      var (a, b) = (Random(seed: 3, stream: left), Random(seed: 3, stream: right))
      var product = 0.0
      for _ in 0..<count { product += a.normal() * b.normal() }
      // The mean of n products of independent draws has the standard deviation 1/√n.
      #expect(abs(product) / Double(count) < 4 / Double(count).squareRoot())
    }
  }

  @Test func unitStaysInsideItsOpenInterval() throws {
    // States whose next output is all ones and all zeros.
    var highest = try random(0, 1, 0, .max)
    var lowest = try random(0, 1, 0, 0)
    #expect(highest.next() == UInt64.max)
    #expect(lowest.next() == UInt64(0))
    highest = try random(0, 1, 0, .max)
    lowest = try random(0, 1, 0, 0)
    #expect(highest.unit() == 1 - 0x1p-53)
    #expect(lowest.unit() == 0x1p-53)
  }

  @Test func unitIsUniform() {
    var random = Random(seed: 11)
    let count = 200_000
    var (sum, squares) = (0.0, 0.0)
    var bins = Array(repeating: 0, count: 100)
    for _ in 0..<count {
      let value = random.unit()
      sum += value
      squares += value * value
      bins[Int(value * 100)] += 1
    }
    let n = Double(count)
    #expect(abs(sum / n - 0.5) < 4 * (1.0 / 12 / n).squareRoot())
    #expect(abs(squares / n - 1.0 / 3) < 4 * (4.0 / 45 / n).squareRoot())
    let expected = n / 100
    let chiSquared = bins.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    // scipy.stats.chi2.ppf([1e-4, 1 - 1e-4], 99)
    #expect((53.95..<160.06).contains(chiSquared))
  }

  @Test func uniformFillsItsRange() {
    var random = Random(seed: 5)
    var (low, high) = (Double.infinity, -Double.infinity)
    for _ in 0..<10_000 {
      let value = random.uniform(-3...2)
      low = min(low, value)
      high = max(high, value)
    }
    #expect((-3.0..<(-2.99)).contains(low))
    #expect(high > 1.99 && high <= 2)
    #expect(random.uniform(4...4) == 4)
  }

  @Test func indexIsUniformAndBelowItsBound() {
    var random = Random(seed: 8)
    var counts = Array(repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[random.index(below: 7)] += 1 }
    let chiSquared = counts.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
    // scipy.stats.chi2.ppf(1 - 1e-4, 6)
    #expect(chiSquared < 27.86)
    #expect(random.index(below: 1) == 0)
    #expect((0..<Int.max).contains(random.index(below: .max)))
  }

  @Test(
    arguments: [
      (0x1p-53, -8.2095361516013868556), (1e-15, -7.9413453261709967713), (1e-10, -6.3613409024040561991),
      (1e-6, -4.7534243088228989573), (0.001, -3.0902323061678135354), (0.02425, -1.9729610513118848376),
      (0.0749, -1.4402382675279636631), (0.075, -1.4395314709384559349), (0.1, -1.2815515655446004353),
      (0.25, -0.6744897501960817432), (0.4, -0.25334710313579974132), (0.4999, -0.00025066283008800749239),
      (0.500001, 2.5066282747057051991e-6), (0.6, 0.25334710313579974132), (0.75, 0.6744897501960817432),
      (0.9, 1.2815515655446005935), (0.925, 1.4395314709384562291), (0.9251, 1.4402382675279638594),
      (0.975, 1.9599639845400538556), (0.999, 3.0902323061678132778), (1 - 0x1p-20, 4.763001034267813957),
      (1 - 0x1p-40, 7.0477002566644087254), (1 - 0x1p-53, 8.2095361516013868556),
    ] as [(Double, Double)])
  func normalQuantileIsAccurate(_ probability: Double, _ expected: Double) {
    #expect(abs(Random.normalQuantile(probability) / expected - 1) < 1e-14)
  }

  @Test func normalQuantileIsOddAndZeroInTheMiddle() {
    #expect(Random.normalQuantile(0.5) == 0)
    for p in [0.0625, 0.125, 0.25, 0.375] { #expect(Random.normalQuantile(p) == -Random.normalQuantile(1 - p)) }
  }

  @Test func normalHasItsMomentsAndQuantiles() {
    var random = Random(seed: 21)
    let count = 200_000
    var moments = [0.0, 0.0, 0.0, 0.0]
    // Shares of draws below −2.5, −1, 0, 0.5 and 2 (scipy.stats.norm.cdf).
    let cuts = [-2.5, -1, 0, 0.5, 2]
    let shares = [0.006209665325776132, 0.15865525393145707, 0.5, 0.6914624612740131, 0.9772498680518208]
    var below = Array(repeating: 0, count: cuts.count)
    for _ in 0..<count {
      let value = random.normal()
      var power = 1.0
      for k in moments.indices {
        power *= value
        moments[k] += power
      }
      for k in cuts.indices where value < cuts[k] { below[k] += 1 }
    }
    let n = Double(count)
    // Expectations and variances of the first four powers.
    for (k, (mean, variance)) in [(0.0, 1.0), (1, 2), (0, 15), (3, 96)].enumerated() {
      #expect(abs(moments[k] / n - mean) < 4 * (variance / n).squareRoot(), "moment \(k + 1)")
    }
    for k in cuts.indices {
      let tolerance = 4 * (shares[k] * (1 - shares[k]) / n).squareRoot()
      #expect(abs(Double(below[k]) / n - shares[k]) < tolerance, "below \(cuts[k])")
    }
  }

  @Test func savedStreamContinues() throws {
    var random = Random(seed: 9, stream: 3)
    for _ in 0..<17 { _ = random.next() }
    var writer = StateWriter()
    random.save(to: &writer)
    var other = Random(seed: 0)
    var reader = StateReader(writer.bytes)
    try other.restore(from: &reader)
    #expect(reader.isAtEnd)
    #expect(other == random)
    for _ in 0..<100 { #expect(other.next() == random.next()) }
  }

  @Test func refusesStateThatCannotBeAStream() {
    var random = Random(seed: 1)
    let before = random
    var short = StateReader(Array(repeating: 1, count: 31))
    #expect(throws: StateError.truncated) { try random.restore(from: &short) }
    // All zeros is the generator's one fixed point.
    var zeros = StateReader(Array(repeating: 0, count: 32))
    #expect(throws: StateError.self) { try random.restore(from: &zeros) }
    #expect(random == before)
  }
}
