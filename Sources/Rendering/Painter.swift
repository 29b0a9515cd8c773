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
/// touch and soften with height. Where a pixel lies half in shadow, each ray tries more points, so that no steps show.
/// Same scene, same bytes.
package struct Painter: Sendable {
  /// Rays a pixel along each of its edges.
  static let grid = 3
  /// The background, and what the floor fades into.
  package static let background = Color.hex(0xF5F7F9)
  package static let lightSquare = Color.hex(0xE4E9EE)
  package static let darkSquare = Color.hex(0xCFD7DF)
  private static let keyLight = Vector(0.98, 0.94, 0.88)
  private static let skyLight = Vector(0.44, 0.48, 0.54)
  private static let groundLight = Vector(0.27, 0.26, 0.25)
  /// Light that the lamp gives the floor; the rest comes from the sky.
  private static let floorKeyShare: Float = 0.42
  /// How much of the lamp a see-through ball lets through.
  private static let ballTransparency: Float = 0.5
  private static let ballColor = Color.hex(0xD81B60)
  /// The lamp's radius as seen from the scene, rad.
  private static let lampRadius: Float = 0.055
  /// Points of the lamp that each ray of a pixel tries where the pixel lies half in shadow.
  private static let lampTries = 4
  /// Edge of the squares for which what may be seen is looked up at once, pixels.
  private static let tile = 16

  private let scene: Scene
  /// Towards the lamp: from the scene's middle, and for each of a pixel's rays.
  private let lamp: Vector
  private let lampPoints: [Vector]
  /// A ball around all solids, beyond which the floor lies in the open.
  private let middle: Vector
  private let reach: Float

  package init(_ scene: Scene) {
    self.scene = scene
    let camera = scene.camera
    // Over the viewer's shoulder, whichever way the camera looks.
    let back = Vector(-camera.forward.x, -camera.forward.y, 0).normalized
    let lamp = (back * 0.55 + camera.right * 0.62 + Vector(0, 0, 1.15)).normalized
    let (u, v) = (camera.right.cross(lamp).normalized, camera.right.cross(lamp).normalized.cross(lamp))
    let count = Self.grid * Self.grid
    self.lamp = lamp
    lampPoints = (0..<Self.lampTries * count).map { seed in
      // Vogel's sunflower: even over the disc, and in no step with the grid of rays.
      let radius = Self.lampRadius * ((Float(seed) + 0.5) / Float(Self.lampTries * count)).squareRoot()
      let angle = 2.399963 * Float(seed)
      return (lamp + u * (radius * cos(angle)) + v * (radius * sin(angle))).normalized
    }
    let middle = scene.solids.reduce(Vector.zero) { $0 + $1.center } / Float(max(scene.solids.count, 1))
    self.middle = middle
    reach = scene.solids.reduce(0) { max($0, ($1.center - middle).length + $1.radius) }
  }

  package func draw() -> Image {
    let camera = scene.camera
    var image = Image(width: camera.width, height: camera.height)
    var rays = Array(repeating: Ray(), count: Self.grid * Self.grid)
    let bounds = scene.solids.map { camera.bounds(center: $0.center, radius: $0.radius) }
    for top in stride(from: 0, to: camera.height, by: Self.tile) {
      for left in stride(from: 0, to: camera.width, by: Self.tile) {
        let (x, y) = (left..<min(left + Self.tile, camera.width), top..<min(top + Self.tile, camera.height))
        let visible = bounds.indices.filter { bounds[$0].x.overlaps(x) && bounds[$0].y.overlaps(y) }
        for row in y { for column in x { image[column, row] = pixel(column, row, visible, &rays) } }
      }
    }
    return image
  }

  private func pixel(_ x: Int, _ y: Int, _ visible: [Int], _ rays: inout [Ray]) -> SIMD3<UInt8> {
    var (lit, unlit) = (0, 0)
    for i in rays.indices {
      rays[i] = follow(
        scene.camera.direction(
          x: Float(x) + (Float(i % Self.grid) + 0.5) / Float(Self.grid),
          y: Float(y) + (Float(i / Self.grid) + 0.5) / Float(Self.grid)), visible)
      guard rays[i].surface != .nothing else { continue }
      tryLamp(Self.lampTries * i, &rays[i])
      if rays[i].lit == 1 { lit += 1 } else { unlit += 1 }
    }
    if lit > 0, unlit > 0 {
      for i in rays.indices where rays[i].surface != .nothing {
        for point in 1..<Self.lampTries { tryLamp(Self.lampTries * i + point, &rays[i]) }
      }
    }
    var sum = Vector.zero
    // Occlusion changes slowly: one look for each surface that the pixel shows.
    var surface = Surface.nothing
    var openness: Float = 1
    for ray in rays {
      if ray.surface != surface {
        surface = ray.surface
        openness = surface == .nothing ? 1 : self.openness(of: ray)
      }
      var light = light(from: ray, openness)
      for ball in scene.balls { blend(ball, ray, into: &light) }
      sum += light
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

  /// What a ray from the camera has met.
  private struct Ray {
    var direction = Vector.zero
    var surface = Surface.nothing
    var distance = Float.infinity
    var point = Vector.zero
    var normal = Vector.zero
    /// Points of the lamp that were looked for, and those that were seen.
    var tries = 0
    var lit: Float = 0

    var litShare: Float { lit / Float(max(tries, 1)) }
  }

  private func follow(_ direction: Vector, _ visible: [Int]) -> Ray {
    var ray = Ray(direction: direction)
    let eye = scene.camera.eye
    for index in visible {
      let entry = scene.solids[index].entry(eye, direction)
      if entry < ray.distance {
        ray.distance = entry
        ray.surface = .solid(index)
      }
    }
    if let floor = scene.floor, direction.z < 0 {
      let entry = (floor.height - eye.z) / direction.z
      if entry > 0, entry < ray.distance {
        ray.distance = entry
        ray.surface = .floor
      }
    }
    ray.point = eye + direction * ray.distance
    if case .solid(let index) = ray.surface { ray.normal = scene.solids[index].normal(at: ray.point) }
    if ray.surface == .floor { ray.normal = Vector(0, 0, 1) }
    return ray
  }

  /// Looks from where a ray has ended towards a point of the lamp.
  private func tryLamp(_ number: Int, _ ray: inout Ray) {
    ray.tries += 1
    let lampPoint = lampPoints[number]
    guard ray.normal.dot(lampPoint) > 0 else { return }
    // Clear of the surface that was met, by more than its rounding.
    let start = ray.point + ray.normal * (1e-5 * ray.distance)
    let offset = middle - start
    let along = offset.dot(lampPoint)
    if offset.dot(offset) - along * along < reach * reach {
      for index in scene.solids.indices where ray.surface != .solid(index) {
        if scene.solids[index].mayMeet(start, lampPoint), scene.solids[index].entry(start, lampPoint) < .infinity {
          return
        }
      }
    }
    var light: Float = 1
    for ball in scene.balls where ball.isMet(from: start, towards: lampPoint) { light *= Self.ballTransparency }
    ray.lit += light
  }

  /// How much of the sky the end of a ray sees, 0…1, estimated from how close other surfaces come along its normal.
  private func openness(of ray: Ray) -> Float {
    guard (ray.point - middle).length < reach + scene.occlusionReach else { return 1 }
    let steps = 4
    var blocked: Float = 0
    var weight: Float = 0.42
    for step in 1...steps {
      let height = scene.occlusionReach * Float(step) / Float(steps)
      let probe = ray.point + ray.normal * height
      var nearest = height
      if ray.surface != .floor, let floor = scene.floor { nearest = min(nearest, probe.z - floor.height) }
      for solid in scene.solids where (probe - solid.center).length - solid.radius < nearest {
        nearest = min(nearest, solid.distance(to: probe))
      }
      blocked += weight * (1 - max(nearest, 0) / height)
      weight *= 0.7
    }
    return max(1 - blocked, 0.15)
  }

  // MARK: Light

  private func light(from ray: Ray, _ openness: Float) -> Vector {
    switch ray.surface {
    case .nothing: Self.background
    case .floor: floorLight(ray, openness)
    case .solid(let index): solidLight(ray, color: scene.solids[index].color, openness)
    }
  }

  private func solidLight(_ ray: Ray, color: Vector, _ openness: Float) -> Vector {
    let normal = ray.normal
    var light = Self.groundLight.mixed(with: Self.skyLight, 0.5 + 0.5 * normal.z) * openness
    // A weak light from the viewer keeps form in what the lamp does not reach.
    light += Vector(repeating: 0.16 * max(-normal.dot(ray.direction), 0) * openness)
    light += Self.keyLight * (max(normal.dot(lamp), 0) * ray.litShare)
    let shine = pow(max(normal.dot((lamp - ray.direction).normalized), 0), 36)
    return color * light + Vector(repeating: 0.10 * shine * ray.litShare)
  }

  private func floorLight(_ ray: Ray, _ openness: Float) -> Vector {
    guard let floor = scene.floor else { return Self.background }
    let point = ray.point
    let distance = (point.x * point.x + point.y * point.y).squareRoot()
    let fading = smoothstep(floor.fade.lowerBound, floor.fade.upperBound, distance)
    guard fading < 1 else { return Self.background }
    let heading = floor.heading
    let along = (point.x * heading.x + point.y * heading.y + floor.phase.x) / floor.cell
    let across = (point.y * heading.x - point.x * heading.y + floor.phase.y) / floor.cell
    let isDark = (Int(along.rounded(.down)) + Int(across.rounded(.down))) & 1 != 0
    let square = isDark ? Self.darkSquare : Self.lightSquare
    var color = square * (Self.floorKeyShare * ray.litShare + (1 - Self.floorKeyShare) * openness)
    for ball in scene.balls {
      // A spot straight below, without which the distance of a floating ball cannot be seen.
      let (x, y) = (point.x - ball.center.x, point.y - ball.center.y)
      if x * x + y * y < ball.radius * ball.radius { color = color.mixed(with: Self.ballColor, 0.35) }
    }
    return color.mixed(with: Self.background, fading)
  }

  /// Lays a bubble over what a ray has met; its rim is denser, as glass is.
  private func blend(_ ball: Scene.Ball, _ ray: Ray, into light: inout Vector) {
    let offset = ball.center - scene.camera.eye
    let along = offset.dot(ray.direction)
    let inside = ball.radius * ball.radius - (offset.dot(offset) - along * along)
    guard inside > 0 else { return }
    let entry = along - inside.squareRoot()
    guard entry > 0, entry < ray.distance else { return }
    let normal = (scene.camera.eye + ray.direction * entry - ball.center) / ball.radius
    let rim = 1 + normal.dot(ray.direction)
    let shine = pow(max(normal.dot((lamp - ray.direction).normalized), 0), 40)
    light = light.mixed(with: Self.ballColor, 0.45 + 0.5 * rim) + Vector(repeating: 0.5 * shine)
  }
}

extension Scene.Ball {
  /// Whether a ray of unit `direction` goes through the ball.
  fileprivate func isMet(from origin: Vector, towards direction: Vector) -> Bool {
    let offset = center - origin
    let along = offset.dot(direction)
    return along > 0 && offset.dot(offset) - along * along < radius * radius
  }
}

extension Vector {
  func cross(_ other: Vector) -> Vector {
    Vector(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }
}
