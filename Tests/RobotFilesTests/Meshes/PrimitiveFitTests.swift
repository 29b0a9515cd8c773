import Environments
import Physics
import RobotFiles
import Testing

@Suite struct PrimitiveFitTests {
  private static let tilted = Pose(position: Vector3(0.3, -2, 5), orientation: Quaternion(roll: 1, pitch: 0.4, yaw: -2))
  private static let one = Vector3(repeating: 1)

  /// Points of the surface of a shape, with its corners, rims and poles.
  private static func sample(_ shape: Shape, _ pose: Pose = .identity) -> [Vector3] {
    let angles = (0..<48).map { Double($0) * .pi / 24 }
    let ring: [Vector3] = angles.map { Quaternion(angle: $0, axis: .unitZ).act(on: .unitX) }
    var ball: [Vector3] = []
    for angle in angles.prefix(25) {
      let meridian = Quaternion(angle: angle - .pi / 2, axis: .unitY).act(on: .unitX)
      ball += angles.map { Quaternion(angle: $0, axis: .unitZ).act(on: meridian) }
    }
    var points: [Vector3] = []
    switch shape {
    case .box(let size):
      for i in 0..<64 {
        let corner = Vector3(Double(i % 4), Double(i / 4 % 4), Double(i / 16)) / 3
        points.append((corner - Vector3(repeating: 0.5)) * size)
      }
    case .sphere(let radius): points = ball.map { radius * $0 }
    case .capsule(let radius, let length):
      for end in [-length / 2, length / 2] { points += ball.map { radius * $0 + Vector3(0, 0, end) } }
    case .cylinder(let radius, let length):
      for end in [-length / 2, length / 2] { points += ring.map { radius * $0 + Vector3(0, 0, end) } }
    }
    return points.map { pose.act(on: $0) }
  }

  /// How far outside of a shape a point is, at most 0 where it is inside.
  private static func excess(_ shape: Shape, _ pose: Pose, _ point: Vector3) -> Double {
    let p = pose.inverse.act(on: point)
    let across = (p.x * p.x + p.y * p.y).squareRoot()
    return switch shape {
    case .box(let size): max(abs(p.x) - size.x / 2, abs(p.y) - size.y / 2, abs(p.z) - size.z / 2)
    case .sphere(let radius): p.length - radius
    case .capsule(let radius, let length):
      Vector3(across, 0, max(0, abs(p.z) - length / 2)).length - radius
    case .cylinder(let radius, let length): max(across - radius, abs(p.z) - length / 2)
    }
  }

  /// The dimensions in ascending order, whatever the order of the axes.
  private static func dimensions(_ shape: Shape) -> (kind: Int, numbers: [Double]) {
    switch shape {
    case .box(let size): (0, [size.x, size.y, size.z].sorted())
    case .sphere(let radius): (1, [radius])
    case .capsule(let radius, let length): (2, [radius, length])
    case .cylinder(let radius, let length): (3, [radius, length])
    }
  }

  @Test(arguments: [
    Shape.box(size: Vector3(1, 2, 3)), .box(size: Vector3(0.4, 0.4, 0.4)), .box(size: Vector3(1, 0.01, 1)),
    .sphere(radius: 0.7), .capsule(radius: 0.5, length: 2), .capsule(radius: 0.05, length: 0.1),
    .cylinder(radius: 0.1, length: 3), .cylinder(radius: 2, length: 0.3),
  ]) func shapesAreRecovered(shape: Shape) throws {
    for pose in [Pose.identity, Self.tilted] {
      let points = Self.sample(shape, pose)
      let fit = try #require(PrimitiveFit.fit(points, scale: Self.one))
      let (found, wanted) = (Self.dimensions(fit.shape), Self.dimensions(shape))
      #expect(found.kind == wanted.kind)
      for (a, b) in zip(found.numbers, wanted.numbers) { #expect(abs(a - b) < 0.01 * b + 1e-6) }
      #expect((fit.pose.position - pose.position).length < 1e-2 * shape.boundingRadius)
      #expect(fit.ratio > 0.999 && fit.ratio < 1.03)
      #expect(points.allSatisfy { Self.excess(fit.shape, fit.pose, $0) < 1e-9 * shape.boundingRadius })
    }
  }

  @Test func aBoxInItsFrameIsExact() throws {
    let fit = try #require(PrimitiveFit.fit(Self.sample(.box(size: Vector3(1, 2, 4))), scale: Vector3(0.5, -1, 2)))
    #expect(fit.shape == .box(size: Vector3(0.5, 2, 8)) && fit.pose == .identity)
  }

  @Test func mirroredMeshesHaveMirroredFits() throws {
    var random = Random(seed: 5)
    let points = (0..<200).map { _ in Vector3(random.unit(), random.unit() * 2, random.unit() * 5) }
    let left = try #require(PrimitiveFit.fit(points, scale: Self.one))
    let right = try #require(PrimitiveFit.fit(points, scale: Vector3(1, -1, 1)))
    #expect(Self.dimensions(left.shape).kind == Self.dimensions(right.shape).kind)
    #expect((left.pose.position * Vector3(1, -1, 1) - right.pose.position).length < 1e-9)
    #expect(abs(left.shape.volume - right.shape.volume) < 1e-9 * left.shape.volume)
  }

  @Test(arguments: 0..<12) func everyPointIsInside(seed: Int) throws {
    var random = Random(seed: 17, stream: UInt64(seed))
    let size = Vector3(random.unit(), random.unit(), random.unit() * random.unit())
    let offset = seed % 2 == 0 ? Vector3.zero : Vector3(100, -40, 7)
    let scale = Vector3(random.uniform(-2...2), random.uniform(-2...2), 0.001)
    let points = (0..<100).map { _ in
      size * Vector3(random.unit(), random.unit() * random.unit(), random.unit()) + offset
    }
    let fit = try #require(PrimitiveFit.fit(points, scale: scale))
    let again = try #require(PrimitiveFit.fit(points, scale: scale))
    #expect(fit.shape == again.shape && fit.pose == again.pose && fit.ratio == again.ratio)
    #expect(points.allSatisfy { Self.excess(fit.shape, fit.pose, $0 * scale) < 1e-9 * fit.shape.boundingRadius })
    #expect(fit.ratio > 0.999)
  }

  @Test func platesAndRodsHaveAThickness() throws {
    let plate = Self.sample(.box(size: Vector3(1, 0, 2)), Self.tilted)
    let fit = try #require(PrimitiveFit.fit(plate, scale: Self.one))
    guard case .box(let size) = fit.shape else {
      Issue.record("\(fit.shape)")
      return
    }
    #expect(abs(size.max() - 2) < 1e-6 && size.min() > 1e-4 && size.min() < 3e-3 && abs(fit.ratio - 1) < 0.02)
    let rod = try #require(PrimitiveFit.fit((0..<4).map { Vector3(1, 1, 1) * Double($0) }, scale: Self.one))
    #expect(abs(rod.shape.boundingRadius - 1.5 * 3.0.squareRoot()) < 1e-2 && rod.ratio <= 1)
    let circle = Self.sample(.cylinder(radius: 1, length: 0))
    let disc = try #require(PrimitiveFit.fit(circle, scale: Self.one))
    let (kind, numbers) = Self.dimensions(disc.shape)
    #expect(kind == 3 && abs(numbers[0] - 1) < 1e-12 && abs(numbers[1] - 0.002) < 1e-12)
  }

  @Test func whatIsNoMeshHasNoFit() {
    let box = Self.sample(.box(size: Self.one))
    #expect(PrimitiveFit.fit([], scale: Self.one) == nil)
    #expect(PrimitiveFit.fit(Array(box.prefix(3)), scale: Self.one) == nil)
    #expect(PrimitiveFit.fit([Vector3](repeating: Self.one, count: 9), scale: Self.one) == nil)
    for number in [Double.nan, .infinity, 1e308, -1e200, 1e10] {
      #expect(PrimitiveFit.fit(box + [Vector3(0, number, 0)], scale: Self.one) == nil)
      #expect(PrimitiveFit.fit(box, scale: Vector3(1, 1, number)) == nil)
    }
    #expect(PrimitiveFit.fit(box, scale: .zero) == nil && PrimitiveFit.fit(box, scale: 1e-300 * Self.one) == nil)
    #expect(PrimitiveFit.fit(box, scale: Vector3(1, 1, .leastNonzeroMagnitude)) != nil)
  }
}
