/// A frozen way to bring columns to a common size: `clamp((x - mean) * scale)` to ±`clip`.
public struct Scaling: Sendable, Equatable {
  /// One number a column.
  public var mean: [Float]
  /// One number a column, about the inverse of its standard deviation; see `Normalizer.Rule`.
  public var scale: [Float]
  public var clip: Float

  public init(mean: [Float], scale: [Float], clip: Float) {
    self.mean = mean
    self.scale = scale
    self.clip = clip
  }

  /// Leaves `columns` columns as they are, whatever their size.
  public static func identity(columns: Int) -> Scaling {
    Scaling(
      mean: Array(repeating: 0, count: columns), scale: Array(repeating: 1, count: columns),
      clip: .greatestFiniteMagnitude)
  }
}

/// Running mean and variance of columns of numbers.
///
/// Batches are merged by the formulas of Chan, Golub and LeVeque ("Updating formulae and a pairwise algorithm for
/// computing sample variances", 1979), in double precision.
public struct Normalizer: Sendable, Equatable {
  /// How the scale of a column follows from its mean and its standard deviation σ.
  public enum Rule: String, Sendable, Equatable {
    /// 1 / √(σ² + 10⁻⁴), the rule of policy files that name none: columns far smaller than 0.01 hardly count.
    case absolute
    /// σ / (σ² + τ²) with the noise τ² = (10⁻³ · mean)² + 10⁻¹⁸: the unit of a column does not matter. A column that
    /// varies no more than by rounding fades out, and one that has never varied counts 0, so that nothing is blown up when
    /// it begins to.
    case relative

    /// What a column's deviations from its mean are multiplied by.
    func scale(mean: Double, variance: Double) -> Double {
      switch self {
      case .absolute: 1 / (variance + 1e-4).squareRoot()
      case .relative: variance.squareRoot() / (variance + 1e-6 * mean * mean + 1e-18)
      }
    }
  }

  public package(set) var rule = Rule.relative
  /// Rows seen.
  public package(set) var count: Double = 0
  /// Mean of each column.
  public package(set) var mean: [Double]
  /// Sum of the squared deviations from the mean, for each column.
  public package(set) var squares: [Double]

  public var columns: Int { mean.count }

  public init(columns: Int) {
    mean = Array(repeating: 0, count: columns)
    squares = Array(repeating: 0, count: columns)
  }

  /// The variance of `column` among the rows seen; 1 before there are any.
  public func variance(_ column: Int) -> Double { count > 0 ? squares[column] / count : 1 }

  /// Forgets everything.
  package mutating func clear() {
    count = 0
    for i in mean.indices {
      mean[i] = 0
      squares[i] = 0
    }
  }

  /// Takes in `rows`, a whole number of rows of `columns` columns.
  public mutating func merge(rows: Span<Float>) {
    let width = columns
    guard width > 0, rows.count >= width else { return }
    var batch = Normalizer(columns: width)
    let batchCount = rows.count / width
    batch.count = Double(batchCount)
    for r in 0..<batchCount {
      let row = rows.extracting(r * width..<(r + 1) * width)
      for i in row.indices { batch.mean[i] += Double(row[i]) }
    }
    for i in 0..<width { batch.mean[i] /= batch.count }
    for r in 0..<batchCount {
      let row = rows.extracting(r * width..<(r + 1) * width)
      for i in row.indices {
        let deviation = Double(row[i]) - batch.mean[i]
        batch.squares[i] += deviation * deviation
      }
    }
    merge(batch)
  }

  /// Takes in what `other` has seen. A column in which `other` is not finite keeps its mean and
  /// variance.
  public mutating func merge(_ other: Normalizer) {
    precondition(other.columns == columns)
    guard other.count > 0 else { return }
    let total = count + other.count
    for i in mean.indices {
      guard other.mean[i].isFinite, other.squares[i].isFinite else {
        squares[i] = variance(i) * total
        continue
      }
      let difference = other.mean[i] - mean[i]
      mean[i] += difference * (other.count / total)
      squares[i] += other.squares[i] + difference * difference * (count * other.count / total)
    }
    count = total
  }

  /// What the deviations of `column` from its mean are multiplied by; 1 before any row was seen.
  public func scale(_ column: Int) -> Double {
    count > 0 ? rule.scale(mean: mean[column], variance: variance(column)) : 1
  }

  /// The present statistics of `range` of the columns as a scaling.
  public func scaling(of range: Range<Int>, clip: Double) -> Scaling {
    Scaling(mean: range.map { Float(mean[$0]) }, scale: range.map { Float(scale($0)) }, clip: Float(clip))
  }

  /// The statistics of `range` of the columns alone.
  public func selecting(_ range: Range<Int>) -> Normalizer {
    var part = Normalizer(columns: range.count)
    part.rule = rule
    part.count = count
    part.mean = Array(mean[range])
    part.squares = Array(squares[range])
    return part
  }
}
