import Environments
import Rendering
import Testing

@Suite struct CameraTests {
  private let camera = Camera(
    lookingAt: Vector(0.2, -0.1, 0.3), azimuth: -1, elevation: 0.4, distance: 4, width: 320, height: 200)

  @Test func whatIsLookedAtIsInTheMiddle() {
    let middle = camera.project(Vector(0.2, -0.1, 0.3))
    #expect(abs(middle.x - 160) < 1e-3 && abs(middle.y - 100) < 1e-3)
    // The picture's edges are half the field of view away.
    let top = camera.direction(x: 160, y: 0)
    let angle = camera.direction(x: 160, y: 100).dot(top)
    #expect(abs(angle - 0.974794) < 1e-4)  // cos 0.225
  }

  @Test func raysGoWherePointsShow() {
    var random = Random(seed: 1)
    for _ in 0..<100 {
      let (x, y) = (Float(random.uniform(0...320)), Float(random.uniform(0...200)))
      let point = camera.eye + camera.direction(x: x, y: y) * Float(random.uniform(1...20))
      let place = camera.project(point)
      #expect(abs(place.x - x) < 0.01 && abs(place.y - y) < 0.01)
    }
  }

  @Test func boundsHoldTheBallAndLittleElse() {
    var random = Random(seed: 2)
    for _ in 0..<200 {
      let radius = Float(random.uniform(0.05...0.5))
      let center = Vector(
        Float(random.uniform(-1...1)), Float(random.uniform(-1...1)), Float(random.uniform(-0.5...0.5)))
      let bounds = camera.bounds(center: center, radius: radius)
      let away = (center - camera.eye).normalized
      var (low, high) = (SIMD2<Float>(repeating: .infinity), SIMD2<Float>(repeating: -.infinity))
      for _ in 0..<400 {
        let side = Vector(
          Float(random.uniform(-1...1)), Float(random.uniform(-1...1)), Float(random.uniform(-1...1)))
        let around = (side - away * side.dot(away)).normalized
        let place = camera.project(center + around * radius)
        low = pointwiseMin(low, place)
        high = pointwiseMax(high, place)
      }
      low = pointwiseMax(low, .zero)
      high = pointwiseMin(high, SIMD2(320, 200))
      guard low.x < high.x, low.y < high.y else { continue }
      #expect(Float(bounds.x.lowerBound) <= low.x && Float(bounds.x.upperBound) >= high.x)
      #expect(Float(bounds.y.lowerBound) <= low.y && Float(bounds.y.upperBound) >= high.y)
      #expect(Float(bounds.x.count) < 1.25 * (high.x - low.x) + 4)
    }
    #expect(camera.bounds(center: Vector(0, 50, 0), radius: 0.1).x.isEmpty)
    #expect(camera.bounds(center: camera.eye, radius: 1).x == 0..<320)
  }
}
