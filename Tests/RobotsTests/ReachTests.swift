import Environments
import Physics
import Robotics
import Robots
import Tasks
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The arm and its task: targets must lie where the arm can reach, and fill at least half of where it can.
struct ReachTests {
  private static let tip: Vector3 = [0.04, 0, 0]

  /// A hinge of the arm: its way from the one before, its axis and its stops.
  private struct Hinge {
    var at: Vector3
    var axis: Vector3
    var range: ClosedRange<Double>
  }

  private let hinges = ReachTests.hinges(of: Arm().body)

  private static func hinges(of link: Link) -> [Hinge] {
    let own = (link.joint?.axes ?? []).map { Hinge(at: link.at, axis: $0.direction, range: $0.range ?? 0...0) }
    return own + (link.children.first.map(hinges) ?? [])
  }

  /// Where the tip is, by forward kinematics of our own.
  private func tipPosition(_ angles: [Double]) -> Vector3 {
    var (position, orientation) = (Vector3.zero, Quaternion.identity)
    for (hinge, angle) in zip(hinges, angles) {
      position += orientation.act(on: hinge.at)
      orientation = orientation * Quaternion(angle: angle, axis: hinge.axis)
    }
    return position + orientation.act(on: Self.tip)
  }

  private func randomAngles(_ random: inout Random) -> [Double] { hinges.map { random.uniform($0.range) } }

  /// Targets as the task draws them, in the world, read back from what it shows.
  private func targets(_ count: Int) throws -> [Vector3] {
    let envs = try #require(Catalog.standard["arm"]).makeVectorEnv(count: count, shards: 1, seed: 2, start: .together)
    let spec = envs.spec
    envs.collect(steps: 1, with: ZeroPolicy(spec: spec), on: Workers(threads: 1))
    let rows = envs.rollout(ofShard: 0).observations
    var first: [String: Int] = [:]
    var width = 0
    for slice in spec.observations {
      first[slice.name] = width
      width += slice.count
    }
    let (target, sine, cosine) = (
      try #require(first["target"]), try #require(first["joint sines"]), try #require(first["joint cosines"])
    )
    return (0..<count).map { row in
      let value = { (column: Int) in Double(rows[row * width + column]) }
      // Shown from the arm's own heading.
      let (x, y) = (value(target), value(target + 1))
      return [
        x * value(cosine) - y * value(sine), x * value(sine) + y * value(cosine), value(target + 2),
      ]
    }
  }

  @Test func hasSixJoints() throws {
    let model = try RobotModel(Arm())
    #expect(model.axes.count == 6 && model.actuatedAxes.count == 6)
    #expect(!model.isFloating)
  }

  @Test func ourKinematicsAgreeWithTheSimulations() throws {
    var sim = try Simulation(RobotModel(Arm()))
    var random = Random(seed: 1)
    for _ in 0..<20 {
      let angles = randomAngles(&random)
      sim.place(at: sim.rootPose, positions: angles)
      #expect((sim.pose(of: try sim.model.link("hand")).act(on: Self.tip) - tipPosition(angles)).length < 1e-9)
    }
    #expect((tipPosition([0, 0, 0, 0, 0, 0]) - Arm.shoulder - Vector3(Arm.length, 0, 0)).length < 1e-12)
  }

  /// The volume above the ground where the tip can be, m³, counted too large rather than too small.
  ///
  /// The first joint turns the arm about the vertical, so it is enough to know distances from that axis and heights: cells of
  /// 2.5 cm, each a whole ring, that count in full where the tip was seen in them.
  private func reachableVolume() -> Double {
    let (cell, side) = (0.025, 50)
    var random = Random(seed: 6)
    var isHit = Array(repeating: false, count: side * side)
    for _ in 0..<60_000 {
      let tip = tipPosition(randomAngles(&random))
      guard tip.z >= 0 else { continue }
      isHit[Int((tip.x * tip.x + tip.y * tip.y).squareRoot() / cell) * side + Int(tip.z / cell)] = true
    }
    // A ring with inner radius k·cell covers π((k + 1)² − k²) cell².
    return isHit.indices.filter { isHit[$0] }.reduce(0) { $0 + .pi * Double(2 * ($1 / side) + 1) * cell * cell * cell }
  }

  @Test func targetsFillAtLeastHalfOfWhatIsReachable() throws {
    // The ball of the stretched arm, less what is under the ground, is a little more than 1.8 m³.
    let reachable = reachableVolume()
    #expect((1.7...2.1).contains(reachable))
    // Uniform by volume: how many lie in a part that is allowed as a whole, 0.3 to 0.7 m from the shoulder, above it and
    // within 2.5 rad of the front, tells how large the whole is.
    let targets = try targets(2_000)
    let inside = targets.count {
      let offset = $0 - Arm.shoulder
      return (0.3...0.7).contains(offset.length) && offset.z >= 0 && abs(atan2(offset.y, offset.x)) <= 2.5
    }
    let part = 2 * 2.5 / 3 * (0.7 * 0.7 * 0.7 - 0.3 * 0.3 * 0.3)
    let volume = part * Double(targets.count) / Double(inside)
    #expect(volume / reachable > 0.5)
  }

  /// Damped least squares over the finite-difference Jacobian, from several starts, keeping to the stops.
  private func distanceLeft(to target: Vector3, using random: inout Random) -> Double {
    var best = Double.infinity
    for _ in 0..<12 where best > 1e-3 {
      var angles = randomAngles(&random)
      for _ in 0..<60 {
        let position = tipPosition(angles)
        let error = target - position
        best = min(best, error.length)
        if best <= 1e-3 { break }
        let columns = angles.indices.map { i -> Vector3 in
          var moved = angles
          moved[i] += 1e-6
          return (tipPosition(moved) - position) / 1e-6
        }
        // x = (J Jᵀ + λ)⁻¹ e by Cramer's rule, then Jᵀ x.
        var rows: [Vector3] = [[1e-3, 0, 0], [0, 1e-3, 0], [0, 0, 1e-3]]
        for column in columns { for k in 0..<3 { rows[k] += column[k] * column } }
        let determinant = rows[0].dot(rows[1].cross(rows[2]))
        let solution =
          (error.x * rows[1].cross(rows[2]) + error.y * rows[2].cross(rows[0]) + error.z * rows[0].cross(rows[1]))
          / determinant
        for i in angles.indices {
          let step = min(max(columns[i].dot(solution), -0.3), 0.3)
          angles[i] = min(max(angles[i] + step, hinges[i].range.lowerBound), hinges[i].range.upperBound)
        }
      }
    }
    return best
  }

  @Test func everyTargetCanBeReached() throws {
    var random = Random(seed: 9)
    for target in try targets(150) {
      let left = distanceLeft(to: target, using: &random)
      #expect(left <= 1e-3, "the tip stays \(left) m from \(target)")
    }
  }

  /// An arm that keeps still is as far from its target in the last second as at the end; every episode counts for itself.
  @Test func finalErrorIsTheLastSecondsOfThisEpisode() throws {
    let envs = try #require(Catalog.standard["arm"]).makeVectorEnv(count: 5, shards: 1, seed: 2, start: .together)
    let spec = envs.spec
    #expect(spec.metrics == ["final_error_m", "within_3cm"] && spec.observations.first?.name == "error")
    for _ in 0..<3 {
      envs.collect(steps: spec.episodeSteps, with: ZeroPolicy(spec: spec), on: Workers(threads: 1))
      let rollout = envs.rollout(ofShard: 0)
      #expect(rollout.episodes.count == 5)
      for number in rollout.episodes.indices {
        let row = number * spec.observationCount
        let error = Vector3(
          Double(rollout.finalObservations[row]), Double(rollout.finalObservations[row + 1]),
          Double(rollout.finalObservations[row + 2])
        ).length
        #expect(abs(rollout.episodeMetrics[2 * number] - error) < 0.002)
        #expect(rollout.episodeMetrics[2 * number + 1] == (error <= 0.03 ? 1 : 0))
      }
    }
  }

  @Test func targetsAreSpreadEvenlyByVolume() throws {
    let targets = try targets(2_500)
    // Cubes of 20 cm well inside the workspace hold equally many.
    let corners: [Vector3] = [
      [0.35, -0.1, 0.3], [0.2, 0.2, 0.4], [-0.1, 0.35, 0.3], [-0.1, -0.55, 0.3], [0.1, -0.1, 0.6],
    ]
    let counts = corners.map { corner in
      targets.count { all(($0 .>= corner) .& ($0 .< corner + 0.2)) }
    }
    let mean = Double(counts.reduce(0, +)) / Double(counts.count)
    #expect(mean > 15)
    let chiSquared = counts.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) / mean }
    // scipy.stats.chi2.ppf(1 - 1e-4, 4)
    #expect(chiSquared < 23.51, "\(counts)")
  }

  @Test func aMirroredReachIsTheMirrorOfTheReach() throws {
    let task = Reach(
      hand: "hand", tip: Self.tip, center: Arm.shoulder, radii: 0.2...0.78, floor: 0.12, halfAngle: 2.7)
    var here = try TaskBench(Arm(), task)
    var there = try TaskBench(Arm(), task)
    there.task.target = here.task.target * [1, -1, 1]
    // Whatever turns about an axis in the plane of the mirror turns the other way.
    let signs = [-1.0, 1, 1, -1, 1, -1]
    there.sim.place(
      at: there.sim.rootPose, positions: signs.indices.map { signs[$0] * here.sim.position(ofAxis: $0) })
    let deviation = try here.deviation(from: &there)
    #expect(deviation < 1e-4)
  }
}
