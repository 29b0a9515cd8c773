import Environments
import Physics
import RobotFiles
import Testing

@Suite struct ConvexHullTests {
  /// Volume of a hull, and whether it is closed: every edge once in each direction.
  private static func measure(_ hull: ConvexHull, _ points: [Vector3]) -> (volume: Double, isClosed: Bool) {
    var edges: Set<SIMD2<Int32>> = []
    var isClosed = true
    for t in hull.triangles {
      for i in 0..<3 where !edges.insert(SIMD2(t[i], t[(i + 1) % 3])).inserted { isClosed = false }
    }
    isClosed = isClosed && edges.allSatisfy { edges.contains(SIMD2($0.y, $0.x)) }
    return (MeshMoments(solid: points, hull.triangles).size, isClosed)
  }

  private static func random(_ count: Int, _ seed: UInt64, _ point: (inout Random) -> Vector3) -> [Vector3] {
    var random = Random(seed: seed)
    return (0..<count).map { _ in point(&random) }
  }

  @Test func pointsOnTheFacesOfABoxDoNoHarm() throws {
    let rotation = Quaternion(roll: 0.3, pitch: -0.7, yaw: 2)
    for orientation in [Quaternion.identity, rotation] {
      var grid: [Vector3] = []
      for i in 0..<81 {
        let (u, v) = (Double(i % 9) / 4 - 1, Double(i / 9) / 4 - 1)
        for w in [-1.0, 1] { grid += [Vector3(u, v, w), Vector3(v, w, u), Vector3(w, u, v)].map(orientation.act) }
      }
      let hull = try #require(ConvexHull(grid))
      let (volume, isClosed) = Self.measure(hull, grid)
      #expect(hull.isSolid && isClosed && abs(volume - 8) < 1e-5)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64]) func everyPointIsInside(seed: UInt64) throws {
    // Few steps an axis, so that many points are in planes and lines.
    let points = Self.random(300, seed) { random in
      Vector3(Double(random.index(below: 7)), Double(random.index(below: 5)), Double(random.index(below: 9)))
    }
    let hull = try #require(ConvexHull(points))
    #expect(Self.measure(hull, points).isClosed)
    for t in hull.triangles {
      let (a, b, c) = (points[Int(t.x)], points[Int(t.y)], points[Int(t.z)])
      let normal = (b - a).cross(c - a)
      // The grid of the hull is not that of the points: its steps are 1e-6 of the extent.
      #expect(normal.length > 0 && points.allSatisfy { normal.dot($0 - a) < 1e-4 })
    }
  }

  @Test func aBallHasItsVolume() throws {
    let points = Self.random(3000, 9) { random in
      Vector3(random.uniform(-1...1), random.uniform(-1...1), random.uniform(-1...1)).normalized
    }
    let hull = try #require(ConvexHull(points))
    let (volume, isClosed) = Self.measure(hull, points)
    #expect(isClosed && hull.corners.count <= 2000 && volume > 0.985 * 4 / 3 * .pi && volume < 4 / 3 * .pi)
  }

  @Test func manyPointsAreThinnedOut() throws {
    let points = Self.random(70_000, 4) { random in
      Vector3(random.uniform(-1...1), random.uniform(-2...2), random.uniform(-3...3))
    }
    let hull = try #require(ConvexHull(points))
    let (volume, isClosed) = Self.measure(hull, points)
    #expect(isClosed && volume > 0.97 * 48 && volume < 48)
  }

  @Test func planesAndLinesHaveOutlines() throws {
    let square: [Vector3] = (0..<25).map { i in Vector3(Double(i % 5), Double(i / 5), Double(i % 5)) }
    let hull = try #require(ConvexHull(square))
    #expect(!hull.isSolid && hull.corners == [0, 4, 20, 24])
    #expect(abs(MeshMoments(surface: square, hull.triangles).size - 16 * 2.0.squareRoot()) < 1e-9)
    let line: [Vector3] = [2.0, 0, 1, 3, 3].map { Vector3(1, 2, 3) * $0 }
    let ends = try #require(ConvexHull(line))
    #expect(ends.corners.map { line[$0] } == [.zero, Vector3(3, 6, 9)] && ends.triangles.isEmpty)
    #expect(ConvexHull([Vector3](repeating: Vector3(1, 2, 3), count: 5)) == nil)
    #expect(ConvexHull([]) == nil)
  }
}
