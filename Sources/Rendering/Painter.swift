#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Draws a scene by following rays: several a pixel, and from what each meets one to the lamp.
///
/// The lamp is a disc, a different point of which lights each of a pixel's rays, so that shadows are sharp where things
/// touch and soften with height. Same scene, same bytes.
struct Painter: Sendable {
  /// Rays a pixel along each of its edges.
  static let grid = 3
  /// The background, and what the floor fades into.
  static let background = Color.hex(0xF5F7F9)
  static let lightSquare = Color.hex(0xE4E9EE)
  static let darkSquare = Color.hex(0xCFD7DF)
  private static let keyLight = Vector(1.02, 0.98, 0.92)
  private static let skyLight = Vector(0.44, 0.48, 0.54)
  private static let groundLight = Vector(0.20, 0.19, 0.18)
  /// Light that the lamp gives the floor; the rest comes from the sky.
  private static let floorKeyShare: Float = 0.42
  private static let ballColor = Color.hex(0xD81B60)
  private static let ballOpacity: Float = 0.72
  /// The lamp's radius as seen from the scene, rad.
  private static let lampRadius: Float = 0.07
  /// Edge of the squares for which what may be seen is looked up at once, pixels.
  private static let tile = 16

  private let scene: Scene
  /// Towards the lamp: from the scene's middle, and for each of a pixel's rays.
  private let lamp: Vector
  private let lampPoints: [Vector]

  init(_ scene: Scene) {
    self.scene = scene
    let camera = scene.camera
    // Over the viewer's shoulder, whichever way the camera looks.
    let back = Vector(-camera.forward.x, -camera.forward.y, 0).normalized
    let lamp = (back * 0.55 - camera.right * 0.60 + Vector(0, 0, 1.15)).normalized
    let (u, v) = (camera.right.cross(lamp).normalized, camera.right.cross(lamp).normalized.cross(lamp))
    let count = Self.grid * Self.grid
    self.lamp = lamp
    lampPoints = (0..<count).map { i in
      // Vogel's sunflower: even over the disc, and in no step with the grid of rays.
      let radius = Self.lampRadius * ((Float(i) + 0.5) / Float(count)).squareRoot()
      let angle = 2.399963 * Float(i)
      return (lamp + u * (radius * cos(angle)) + v * (radius * sin(angle))).normalized
    }
  }

  func draw() -> Image {
    let camera = scene.camera
    var image = Image(width: camera.width, height: camera.height)
    let bounds = scene.solids.map { camera.bounds(center: $0.center, radius: $0.radius) }
    for top in stride(from: 0, to: camera.height, by: Self.tile) {
      for left in stride(from: 0, to: camera.width, by: Self.tile) {
        let (x, y) = (left..<min(left + Self.tile, camera.width), top..<min(top + Self.tile, camera.height))
        let visible = bounds.indices.filter { bounds[$0].x.overlaps(x) && bounds[$0].y.overlaps(y) }
        for row in y { for column in x { image[column, row] = pixel(column, row, visible) } }
      }
    }
    return image
  }

  private func pixel(_ x: Int, _ y: Int, _ visible: [Int]) -> SIMD3<UInt8> {
    var sum = Vector.zero
    // Occlusion changes slowly: one look for each surface that the pixel shows.
    var surface = Surface.nothing
    var openness: Float = 1
    for row in 0..<Self.grid {
      for column in 0..<Self.grid {
        let ray = scene.camera.direction(
          x: Float(x) + (Float(column) + 0.5) / Float(Self.grid), y: Float(y) + (Float(row) + 0.5) / Float(Self.grid))
        let (hit, distance) = firstHit(ray, visible)
        let point = scene.camera.eye + ray * distance
        let lampPoint = lampPoints[row * Self.grid + column]
        var light: Vector
        switch hit {
        case .nothing: light = Self.background
        case .floor:
          if surface != hit { openness = self.openness(at: point, Vector(0, 0, 1), floorIsNear: false) }
          light = floorLight(at: point, lampPoint, openness)
        case .solid(let index):
          let solid = scene.solids[index]
          let normal = solid.normal(at: point)
          if surface != hit { openness = self.openness(at: point, normal, floorIsNear: true) }
          light = solidLight(solid, index, at: point, normal, ray, lampPoint, openness)
        }
        surface = hit
        for ball in scene.balls { blend(ball, ray, before: distance, into: &light) }
        sum += light
      }
    }
    let mean = sum / Float(Self.grid * Self.grid)
    return SIMD3(Color.byte(mean.x), Color.byte(mean.y), Color.byte(mean.z))
  }

  // MARK: Rays

  private enum Surface: Equatable {
    case nothing
    case floor
    case solid(Int)
  }

  private func firstHit(_ ray: Vector, _ visible: [Int]) -> (Surface, Float) {
    var hit = Surface.nothing
    var distance = Float.infinity
    for index in visible {
      let entry = scene.solids[index].entry(scene.camera.eye, ray)
      if entry < distance {
        distance = entry
        hit = .solid(index)
      }
    }
    if let floor = scene.floor, ray.z < 0 {
      let entry = (floor.height - scene.camera.eye.z) / ray.z
      if entry > 0, entry < distance { return (.floor, entry) }
    }
    return (hit, distance)
  }

  /// Whether anything but solid `own` stands between a point and the lamp.
  private func isShaded(_ point: Vector, _ lampPoint: Vector, own: Int) -> Bool {
    for index in scene.solids.indices where index != own {
      let solid = scene.solids[index]
      if solid.mayMeet(point, lampPoint), solid.entry(point, lampPoint) < .infinity { return true }
    }
    return false
  }

  /// How much of the sky a point sees, 0…1, judged by how close other surfaces come along its normal.
  private func openness(at point: Vector, _ normal: Vector, floorIsNear: Bool) -> Float {
    let steps = 4
    var blocked: Float = 0
    var weight: Float = 0.42
    for step in 1...steps {
      let height = scene.occlusionReach * Float(step) / Float(steps)
      let probe = point + normal * height
      var nearest = height
      if floorIsNear, let floor = scene.floor { nearest = min(nearest, probe.z - floor.height) }
      for solid in scene.solids where (probe - solid.center).length - solid.radius < nearest {
        nearest = min(nearest, solid.distance(to: probe))
      }
      blocked += weight * (1 - max(nearest, 0) / height)
      weight *= 0.7
    }
    return max(1 - blocked, 0.15)
  }

  // MARK: Light

  private func solidLight(
    _ solid: Solid, _ index: Int, at point: Vector, _ normal: Vector, _ ray: Vector, _ lampPoint: Vector,
    _ openness: Float
  ) -> Vector {
    let facing = normal.dot(lampPoint)
    let isLit = facing > 0 && !isShaded(point + normal * 1e-4, lampPoint, own: index)
    var light = Self.groundLight.mixed(with: Self.skyLight, 0.5 + 0.5 * normal.z) * openness
    // A weak light from the viewer keeps form in what the lamp does not reach.
    light += Vector(repeating: 0.16 * max(-normal.dot(ray), 0) * openness)
    var shine: Float = 0
    if isLit {
      light += Self.keyLight * facing
      let middle = (lampPoint - ray).normalized
      shine = 0.10 * pow(max(normal.dot(middle), 0), 36)
    }
    return solid.color * light + Vector(repeating: shine)
  }

  private func floorLight(at point: Vector, _ lampPoint: Vector, _ openness: Float) -> Vector {
    guard let floor = scene.floor else { return Self.background }
    let distance = (point.x * point.x + point.y * point.y).squareRoot()
    let fading = smoothstep(floor.fade.lowerBound, floor.fade.upperBound, distance)
    guard fading < 1 else { return Self.background }
    let (across, along) = ((point.x + floor.phase.x) / floor.cell, (point.y + floor.phase.y) / floor.cell)
    let isDark = (Int(across.rounded(.down)) + Int(along.rounded(.down))) & 1 != 0
    let square = isDark ? Self.darkSquare : Self.lightSquare
    let isLit = !isShaded(point + Vector(0, 0, 1e-4), lampPoint, own: -1)
    let light = (isLit ? Self.floorKeyShare : 0) + (1 - Self.floorKeyShare) * openness
    return (square * light).mixed(with: Self.background, fading)
  }

  /// Lays a see-through ball over what a ray has met `distance` away, most opaque at its rim.
  private func blend(_ ball: Scene.Ball, _ ray: Vector, before distance: Float, into light: inout Vector) {
    let offset = ball.center - scene.camera.eye
    let along = offset.dot(ray)
    let gap = offset.dot(offset) - along * along
    let inside = ball.radius * ball.radius - gap
    guard inside > 0 else { return }
    let entry = along - inside.squareRoot()
    guard entry > 0, entry < distance else { return }
    let normal = (scene.camera.eye + ray * entry - ball.center) / ball.radius
    let glow = 0.75 + 0.35 * max(normal.dot(lamp), 0)
    light = light.mixed(with: Self.ballColor * glow, Self.ballOpacity)
  }
}

extension Vector {
  func cross(_ other: Vector) -> Vector {
    Vector(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }
}
