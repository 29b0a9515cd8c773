import Environments

/// Columns of the observation that are constant, equal to another, or badly scaled.
enum ObservationCheck {
  /// Beyond this, a column is better scaled or bounded: networks learn from numbers about 1, and what the normalizer has
  /// not seen yet it cuts off.
  static let greatest: Float = 100
  /// Below this, a column has a unit that does not fit it, or is noise.
  static let least: Float = 1e-3

  static func findings(in samples: [SampledRollouts], _ spec: EnvSpec) -> [Finding] {
    let width = spec.observationCount
    let columns = (0..<width).map { column in
      samples.flatMap { sample in
        stride(from: column, to: sample.observations.count, by: width).map { sample.observations[$0] }
      }
    }
    guard let first = columns.first, first.count > 1 else { return [] }
    let isConstant = columns.map { values in values.allSatisfy { $0 == values[0] } }
    return constant(columns, isConstant, spec) + large(columns, spec) + small(columns, isConstant, spec)
      + aliased(columns, isConstant, spec)
  }

  private static func constant(_ columns: [[Float]], _ isConstant: [Bool], _ spec: EnvSpec) -> [Finding] {
    bySlice(columns.indices.filter { isConstant[$0] }, spec).map { place, indices in
      Finding(
        id: "constant_observation", severity: .warning, place: place,
        sentence: "it is \(figure(Double(columns[indices[0]][0]))) at every step of zero, random and extreme actions",
        hint: "leave it out, or write it from a quantity that changes")
    }
  }

  private static func large(_ columns: [[Float]], _ spec: EnvSpec) -> [Finding] {
    let sizes = columns.map { values in values.reduce(0) { max($0, abs($1)) } }
    return bySlice(columns.indices.filter { sizes[$0] > greatest }, spec).map { place, indices in
      let size = indices.map { Double(sizes[$0]) }.max() ?? 0
      return Finding(
        id: "unbounded_observation", severity: .warning, place: place, sentence: "it reaches \(figure(size))",
        hint:
          "scale it by about \(figure(power(below: 1 / size))), bound it (clamp, tanh), or show what changes less than it does"
      )
    }
  }

  private static func small(_ columns: [[Float]], _ isConstant: [Bool], _ spec: EnvSpec) -> [Finding] {
    let sizes = columns.map { values in values.reduce(0) { max($0, abs($1)) } }
    return bySlice(columns.indices.filter { !isConstant[$0] && sizes[$0] < least }, spec).map { place, indices in
      let size = indices.map { Double(sizes[$0]) }.max() ?? 0
      return Finding(
        id: "tiny_observation", severity: .warning, place: place,
        sentence: "it varies, but stays within ±\(figure(size))",
        hint: "scale it by about \(figure(power(below: 1 / size))) if it matters, or leave it out if it is noise")
    }
  }

  private static func aliased(_ columns: [[Float]], _ isConstant: [Bool], _ spec: EnvSpec) -> [Finding] {
    var firsts: [[Float]: Int] = [:]
    return columns.indices.compactMap { column in
      guard !isConstant[column] else { return nil }
      guard let first = firsts[columns[column]] else {
        firsts[columns[column]] = column
        return nil
      }
      return Finding(
        id: "aliased_observation", severity: .warning, place: "observation \(name(column, spec))",
        sentence: "it always equals observation \(name(first, spec))",
        hint: "leave one of them out, or check whether the wrong value is written")
    }
  }

  /// The columns of each slice under one place.
  private static func bySlice(_ columns: [Int], _ spec: EnvSpec) -> [(place: String, columns: [Int])] {
    var start = 0
    var places: [(String, [Int])] = []
    for slice in spec.observations {
      let own = columns.filter { (start..<start + slice.count).contains($0) }
      defer { start += slice.count }
      guard !own.isEmpty else { continue }
      if own.count == slice.count {
        places.append(("observation '\(slice.name)'", own))
      } else {
        let numbers = own.map { "\($0 - start)" }.joined(separator: ", ")
        places.append(("observation '\(slice.name)', \(own.count == 1 ? "column" : "columns") \(numbers)", own))
      }
    }
    return places
  }

  /// What a column is called.
  static func name(_ column: Int, _ spec: EnvSpec) -> String {
    var start = 0
    for slice in spec.observations {
      if column < start + slice.count {
        return slice.count == 1 ? "'\(slice.name)'" : "'\(slice.name)', column \(column - start)"
      }
      start += slice.count
    }
    return "\(column)"
  }

  /// The greatest power of ten that is at most `value`.
  static func power(below value: Double) -> Double {
    var power = 1.0
    while power > value { power /= 10 }
    while power * 10 <= value { power *= 10 }
    return power
  }
}
