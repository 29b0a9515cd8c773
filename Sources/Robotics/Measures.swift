import Physics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// x².
public func square(_ x: Double) -> Double { x * x }

/// How close `value` is to `target`: 1 at it, 1/e at a distance of `width`, falling off as a Gaussian does.
///
/// The kernel exp(−(e/σ)²) by which legged robots are rewarded for tracking a speed (Rudin et al., "Learning to walk in
/// minutes using massively parallel deep reinforcement learning", 2022, table 2).
public func closeness(_ value: Double, to target: Double, width: Double) -> Double {
  exp(-square((value - target) / width))
}

/// How well `value` keeps within `bounds`: 1 inside, falling off outside as a Gaussian does to 0.1 at `margin` beyond.
///
/// Tassa et al., "DeepMind Control Suite" (2018), §3: their `tolerance` with its default shape and value at the margin.
/// A margin of 0 makes it 0 outside.
public func tolerance(_ value: Double, in bounds: ClosedRange<Double>, margin: Double = 0) -> Double {
  let beyond = max(bounds.lowerBound - value, value - bounds.upperBound)
  guard beyond > 0 else { return 1 }
  return margin > 0 ? exp(log(0.1) * square(beyond / margin)) : 0
}

/// How upright a body at `pose` is: 1 when its z axis points up, 1/e where the sine of its tilt is `width`.
public func uprightness(_ pose: Pose, width: Double = 0.12) -> Double {
  let up = pose.orientation.act(on: .unitZ)
  return closeness((square(up.x) + square(up.y)).squareRoot(), to: 0, width: width)
}

extension Simulation {
  /// Σ(q − neutral)² over some axes, rad² or m²: how far they are from where they rest. Not-a-number for an axis that
  /// there is not.
  public func deviation(ofAxes axes: [Int]) -> Double {
    let neutral = model.neutralPositions
    var sum = 0.0
    for axis in axes { sum += neutral.indices.contains(axis) ? square(position(ofAxis: axis) - neutral[axis]) : .nan }
    return sum
  }

  /// How near the axes are to their stops: for each 0 until `margin` before a stop, then growing linearly to 1 at it and
  /// further beyond, summed.
  ///
  /// - Parameter margin: rad, or m for an axis that slides; above 0.
  public func nearnessToStops(margin: Double = 0.1) -> Double {
    var sum = 0.0
    for (index, axis) in model.axes.enumerated() {
      guard let range = axis.range else { continue }
      let position = position(ofAxis: index)
      sum += max(0, 1 - min(position - range.lowerBound, range.upperBound - position) / margin)
    }
    return sum
  }
}
