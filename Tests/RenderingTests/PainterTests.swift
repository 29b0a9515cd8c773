import Physics
import Rendering
import Testing

@Suite struct PainterTests {
  private let red = Color.hex(0xC02020)
  private let blue = Color.hex(0x2020C0)

  private func camera(elevation: Float = 0, distance: Float = 10, width: Int = 200, height: Int = 160) -> Camera {
    Camera(lookingAt: .zero, azimuth: 0, elevation: elevation, distance: distance, width: width, height: height)
  }

  private func ball(_ radius: Double, at position: Vector3, _ color: Vector) -> Solid {
    Solid(.sphere(radius: radius), at: Pose(position: position), origin: .zero, color: color)
  }

  private func draw(_ solids: [Solid], floor: Scene.Floor? = nil, _ camera: Camera) -> Image {
    Painter(Scene(camera: camera, solids: solids, floor: floor, occlusionReach: 0.2)).draw()
  }

  private func isReddish(_ color: SIMD3<UInt8>) -> Bool { Int(color.x) > 2 * Int(color.z) }
  private func isBluish(_ color: SIMD3<UInt8>) -> Bool { Int(color.z) > 2 * Int(color.x) }
  private func brightness(_ color: SIMD3<UInt8>) -> Int { Int(color.x) + Int(color.y) + Int(color.z) }
  private let background = SIMD3<UInt8>(0xF5, 0xF7, 0xF9)

  @Test func aBallHasItsProjectedSize() {
    let camera = camera()
    let image = draw([ball(1, at: .zero, red)], camera)
    // The tangents from 10 m away touch a ball of 1 m at a slope of 1/√99.
    let radius = camera.focalLength / Float(99).squareRoot()
    let covered = (0..<160).reduce(0) { count, y in count + (0..<200).count { isReddish(image[$0, y]) } }
    #expect(abs(Float(covered) / (Float.pi * radius * radius) - 1) < 0.03)
    for (x, y) in [(100, 80), (100 + Int(radius) - 2, 80), (100, 80 - Int(radius) + 2)] {
      #expect(isReddish(image[x, y]))
    }
    for (x, y) in [(0, 0), (100 + Int(radius) + 2, 80), (100, 80 - Int(radius) - 2)] {
      #expect(image[x, y] == background)
    }
  }

  @Test func whatIsNearerHidesWhatIsBehind() {
    // The camera stands on the x axis.
    let solids = [ball(0.5, at: [2, 0, 0], red), ball(1, at: [-2, 0, 0], blue)]
    for order in [solids, solids.reversed()] {
      let image = draw(order, camera())
      #expect(isReddish(image[100, 80]))
      let edge = Int(camera().project(Vector(-2, 0.85, 0)).x)
      #expect(isBluish(image[edge, 80]))
    }
  }

  @Test func directionsAreTheRobotsOwn() {
    // Seen from ahead, the robot's left is the picture's right; up is up.
    let image = draw([ball(0.3, at: [0, 1, 0], red), ball(0.3, at: [0, 0, 1], blue)], camera())
    let (left, up) = (camera().project(Vector(0, 1, 0)), camera().project(Vector(0, 0, 1)))
    #expect(left.x > 110 && up.y < 70)
    #expect(isReddish(image[Int(left.x), Int(left.y)]))
    #expect(isBluish(image[Int(up.x), Int(up.y)]))
  }

  @Test func theFloorShowsSquaresAndShadows() {
    let floor = Scene.Floor(height: 0, cell: 0.5, phase: .zero, fade: 3...7)
    let camera = camera(elevation: 0.5)
    let bare = draw([], floor: floor, camera)
    let pixel = { (image: Image, point: Vector) in
      let place = camera.project(point)
      return image[Int(place.x), Int(place.y)]
    }
    let (light, dark) = (pixel(bare, Vector(0.25, 0.25, 0)), pixel(bare, Vector(0.75, 0.25, 0)))
    #expect(light == SIMD3(0xE4, 0xE9, 0xEE) && dark == SIMD3(0xCF, 0xD7, 0xDF))
    #expect(pixel(bare, Vector(0.75, 0.75, 0)) == light)
    // In the distance it is gone.
    #expect(bare[100, 0] == background)

    // The lamp stands behind the viewer, to the right and high, so that shadows fall back and to the left.
    let cast = draw([ball(0.25, at: [0.25, 0.25, 1], red)], floor: floor, camera)
    let shadows = (0..<160).flatMap { y in
      (0..<200).filter { x in brightness(cast[x, y]) < brightness(bare[x, y]) - 60 && !isReddish(cast[x, y]) }
        .map { (x: $0, y: y) }
    }
    let foot = camera.project(Vector(0.25, 0.25, 0))
    let middle = shadows.reduce((x: 0, y: 0)) { ($0.x + $1.x, $0.y + $1.y) }
    #expect(shadows.count > 40)
    #expect(Float(middle.x / shadows.count) < foot.x - 4)
    #expect(Float(middle.y / shadows.count) < foot.y - 4)
  }

  @Test func shadowsSoftenWithHeight() {
    let floor = Scene.Floor(height: 0, cell: 50, phase: SIMD2(20, 20), fade: 100...200)
    let camera = camera(elevation: 1.2)
    let bare = brightness(draw([], floor: floor, camera)[100, 80])
    let softShare = { (height: Double) -> Double in
      let image = draw([ball(0.4, at: [0, 0, height], red)], floor: floor, camera)
      let hidden = camera.bounds(center: Vector(0, 0, Float(height)), radius: 0.4)
      let losses = (0..<160).flatMap { y in
        (0..<200).filter { !(hidden.x.contains($0) && hidden.y.contains(y)) }.map { bare - brightness(image[$0, y]) }
      }
      let deepest = losses.max() ?? 0
      #expect(deepest > 100)
      let shaded = losses.filter { $0 > 10 }
      return Double(shaded.count { $0 < deepest * 9 / 10 }) / Double(shaded.count)
    }
    #expect(softShare(2.4) > 1.3 * softShare(1))
  }

  @Test func marksAreSeenThroughAndHaveASpotBelow() {
    var scene = Scene(
      camera: camera(elevation: 0.4), solids: [ball(0.5, at: [0, 0, 1], blue)],
      floor: .init(height: 0, cell: 50, phase: SIMD2(20, 20), fade: 100...200), occlusionReach: 0.2)
    let bare = Painter(scene).draw()
    scene.balls = [.init(center: Vector(0, 0, 1), radius: 0.7), .init(center: Vector(0, 1.5, 0.8), radius: 0.2)]
    let image = Painter(scene).draw()
    let place = scene.camera.project(Vector(0, 0, 1))
    let (before, after) = (bare[Int(place.x), Int(place.y)], image[Int(place.x), Int(place.y)])
    #expect(after.x > before.x && after.z > 60)
    let spot = scene.camera.project(Vector(0, 1.5, 0))
    #expect(bare[Int(spot.x), Int(spot.y)].y > image[Int(spot.x), Int(spot.y)].y + 20)
  }

  @Test func sameSceneSameBytes() {
    let floor = Scene.Floor(height: -0.5, cell: 0.2, phase: SIMD2(0.1, 0.3), fade: 2...5)
    let solids = SolidTests.shapes.enumerated().map { i, shape in
      Solid(shape, at: Pose(position: [0, Double(i) - 1.5, 0]), origin: .zero, color: red)
    }
    #expect(draw(solids, floor: floor, camera(elevation: 0.3)) == draw(solids, floor: floor, camera(elevation: 0.3)))
  }

  @Test func whatIsNotANumberIsDrawnAsNothing() {
    let lost = Solid(.sphere(radius: 1), at: Pose(position: Vector3(repeating: .nan)), origin: .zero, color: red)
    #expect(draw([lost], camera(width: 20, height: 20))[10, 10] == background)
  }

  @Test func colorsSurviveTheWayThroughLight() {
    for value in [0x000000, 0x123456, 0xE9832B, 0xFFFFFF] {
      let light = Color.hex(value)
      let bytes = [light.x, light.y, light.z].map { Int(Color.byte($0)) }
      #expect(bytes[0] << 16 | bytes[1] << 8 | bytes[2] == value)
    }
    #expect(Color.byte(.nan) == 0 && Color.byte(-1) == 0 && Color.byte(7) == 255)
  }

  @Test func aSeeThroughBallCastsALightShadow() {
    // A slab seen from straight above, a ball over its middle; the lamp is to the side.
    let slab = Solid(.box(size: [6, 6, 0.1]), at: .identity, origin: .zero, color: Color.hex(0xC0C0C0))
    let camera = camera(elevation: 1.2)
    let shadows = { (balls: [Scene.Ball], more: [Solid]) in
      Painter(Scene(camera: camera, solids: [slab] + more, balls: balls, floor: nil, occlusionReach: 0.01)).draw()
    }
    let bare = shadows([], [])
    let position = Vector(0, 0, 1.2)
    let light = shadows([.init(center: position, radius: 0.3)], [])
    let dark = shadows([], [ball(0.3, at: [0, 0, 1.2], red)])
    // Pixels that are gray still, and darker than before.
    func count(_ image: Image, darkerBy least: Int) -> Int {
      (0..<160).reduce(0) { count, y in
        count
          + (0..<200).count { x in
            let (now, before) = (image[x, y], bare[x, y])
            return abs(Int(now.x) - Int(now.z)) < 12 && brightness(before) - brightness(now) > least
          }
      }
    }
    #expect(count(light, darkerBy: 40) > 50)
    #expect(count(dark, darkerBy: 160) > 50)
    #expect(count(light, darkerBy: 160) == 0)
  }
}
