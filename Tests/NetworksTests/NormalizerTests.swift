import Environments
import Networks
import Storage
import TestEnvs
import Testing

@Suite struct NormalizerTests {
  @Test func mergingIsTheSameAsSeeingAllAtOnce() {
    var random = Random(seed: 5)
    let columns = 5
    let rows = (0..<331 * columns).map { i in Float(random.normal() * Double(i % columns + 1) + 1000 * Double(i % 2)) }
    var direct = Normalizer(columns: columns)
    direct.merge(rows: rows.span)
    var merged = Normalizer(columns: columns)
    var start = 0
    for size in [1, 2, 28, 100, 200] {
      merged.merge(rows: rows.span.extracting(start * columns..<(start + size) * columns))
      start += size
    }
    #expect(merged.count == 331 && direct.count == 331)
    for column in 0..<columns {
      let values = stride(from: column, to: rows.count, by: columns).map { Double(rows[$0]) }
      let mean = values.reduce(0, +) / 331
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 331
      for normalizer in [direct, merged] {
        #expect(abs(normalizer.mean[column] - mean) < 1e-10 * max(1, abs(mean)))
        #expect(abs(normalizer.variance(column) / variance - 1) < 1e-10)
      }
    }
  }

  @Test func aColumnThatIsNotFiniteKeepsItsMeanAndVariance() {
    var normalizer = Normalizer(columns: 2)
    let (odd, seen): ([Float], [Float]) = ([.nan, 1, 0, 1], [1, 10, 3, 30])
    normalizer.merge(rows: odd.span)
    #expect(normalizer.variance(0) == 1 && normalizer.mean[0] == 0)
    normalizer = Normalizer(columns: 2)
    for rows in [seen, odd, odd] { normalizer.merge(rows: rows.span) }
    #expect(normalizer.mean[0] == 2 && normalizer.variance(0) == 1 && normalizer.count == 6)
    #expect(abs(normalizer.mean[1] - 44 / 6.0) < 1e-12)
  }

  @Test func scalingNormalizesAndClips() {
    var normalizer = Normalizer(columns: 2)
    let seen: [Float] = [1, 100, 3, 300]
    normalizer.merge(rows: seen.span)
    let scaling = normalizer.scaling(of: 0..<2, clip: 5)
    let rows: [Float] = [2, 200, 3, 300, 1000, -1e9]
    var scaled = rows
    do {
      var span = scaled.mutableSpan
      scaling.apply(to: rows.span, into: &span)
    }
    let wanted: [Float] = [0, 0, 1, 1, 5, -5]
    for (a, b) in zip(scaled, wanted) { #expect(abs(a - b) < 1e-4) }
  }

  /// Whatever the unit of a column, it reaches the network alike.
  @Test(arguments: [1e-8, 1e-4, 1, 1e4, 1e8]) func scalingIsFreeOfUnits(unit: Double) {
    var random = Random(seed: 3)
    var normalizer = Normalizer(columns: 3)
    // About 0, about 10 and about 100 times its spread.
    let rows = (0..<3_000).map { i in Float(unit * (random.normal() + [0, 10, 100][i % 3])) }
    normalizer.merge(rows: rows.span)
    for column in 0..<3 { #expect(abs(normalizer.scale(column) * unit - 1) < 0.06, "column \(column)") }
  }

  /// What never varied counts nothing, nor does what varies by rounding, until it varies in earnest.
  @Test func constantColumnsStaySafe() {
    var random = Random(seed: 4)
    for constant: Float in [0, 1, -300, 1e-5] {
      var normalizer = Normalizer(columns: 1)
      let still = [Float](repeating: constant, count: 1_000)
      normalizer.merge(rows: still.span)
      #expect(normalizer.scale(0) == 0)
      let rounding = still.map { $0 * (1 + Float(random.uniform(-1...1)) * 1e-7) + Float(random.normal()) * 1e-15 }
      normalizer.merge(rows: rounding.span)
      let size = Double(abs(constant)) * 1e-7 + 1e-15
      #expect(normalizer.scale(0) * size < 1e-3, "\(constant)")
      // A tenth of all rows vary: no blow-up, and the column is seen.
      let moving = (0..<200).map { _ in constant + Float(random.normal()) }
      normalizer.merge(rows: moving.span)
      #expect((0.5...5).contains(normalizer.scale(0)), "\(constant): \(normalizer.scale(0))")
    }
  }

  @Test func earlierFilesKeepTheirRule() throws {
    let spec = try HalfEnv().spec
    var policy = try NetworkPolicy(spec: spec, network: MLP(sizes: [1, 1], activation: .tanh))
    var normalizer = Normalizer(columns: 1)
    let rows: [Float] = [0.01, 0.03]
    normalizer.merge(rows: rows.span)
    policy.setNormalizer(normalizer)
    var file = TensorFile()
    policy.save(to: &file)
    #expect(try abs(NetworkPolicy(from: file).normalizer.scale(0) - 100) < 0.05)
    file.metadata["normalizer"] = nil
    let earlier = try NetworkPolicy(from: file)
    #expect(abs(earlier.normalizer.scale(0) - 1 / 2e-4.squareRoot()) < 1e-3)
    var written = TensorFile()
    earlier.save(to: &written)
    #expect(try NetworkPolicy(from: written).normalizer == earlier.normalizer)
    file.metadata["normalizer"] = "other"
    #expect(throws: NetworkError.self) { try NetworkPolicy(from: file) }
  }

  @Test func damagedColumnsAreLeftAlone() {
    var normalizer = Normalizer(columns: 2)
    let (seen, damaged): ([Float], [Float]) = ([1, 1, 3, 3], [.nan, 5])
    normalizer.merge(rows: seen.span)
    normalizer.merge(rows: damaged.span)
    #expect(normalizer.mean[0] == 2 && normalizer.mean[1] == 3)
  }
}
