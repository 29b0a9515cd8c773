import Physics
import Rendering
import Robotics
import Testing

@Suite struct StudioTests {
  private let parts = [
    Recording.Part(name: "torso", parent: nil, colliders: [Collider(.box(size: [0.2, 0.3, 0.5]))]),
    Recording.Part(name: "left leg", parent: 0, colliders: [Collider(.capsule(radius: 0.05, length: 0.5))]),
    Recording.Part(name: "right leg", parent: 0, colliders: [Collider(.capsule(radius: 0.05, length: 0.5))]),
  ]

  /// A walk of 10 s along x at `speed`, bobbing up and down.
  private func recording(speed: Double, markers: [Marker] = []) -> Recording {
    var recording = Recording(robot: "walker", parts: parts, ground: Ground(), interval: 0.02)
    for step in 0...500 {
      let time = 0.02 * Double(step)
      let place = Vector3(speed * time, 0.1 * (step % 100 < 50 ? 1 : -1), 0.85 + 0.02 * (step % 20 < 10 ? 1 : -1))
      recording.frames.append(
        .init(
          poses: [
            Pose(position: place), Pose(position: place + [0, 0.1, -0.5]), Pose(position: place + [0, -0.1, -0.5]),
          ], markers: markers))
    }
    return recording
  }

  /// The picture's border that solids come nearest to, as a share of its width or height; below 0 if they leave it.
  private func leastMargin(_ scene: Scene) -> Float {
    let size = SIMD2(Float(scene.camera.width), Float(scene.camera.height))
    return scene.solids.map { solid in
      let place = scene.camera.project(solid.center) / size
      return min(place.min(), 1 - place.max())
    }.min() ?? 0
  }

  @Test(arguments: [0, 1, 8] as [Double])
  func theRobotStaysInThePicture(_ speed: Double) {
    for (width, height) in [(480, 300), (200, 320)] {
      let studio = Studio(recording(speed: speed), window: 0...10, view: .init(), width: width, height: height)
      for time in stride(from: 0, through: 10, by: 0.31) { #expect(leastMargin(studio.scene(at: time)) > 0.08) }
    }
  }

  @Test func theCameraGoesAlongSmoothlyOrStandsStill() {
    let heights = { (speed: Double) -> Set<Float> in
      let studio = Studio(recording(speed: speed), window: 2...4, view: .init(), width: 64, height: 64)
      return Set(stride(from: 2.0, through: 4, by: 0.1).map { studio.scene(at: $0).floor?.height ?? .nan })
    }
    // Never up and down.
    #expect(heights(0).count == 1 && heights(2).count == 1)
    let studio = Studio(recording(speed: 2), window: 2...4, view: .init(), width: 64, height: 64)
    let offsets = stride(from: 2.0, through: 4, by: 0.02).map { studio.scene(at: $0).solids[0].center }
    // Sideways the robot jumps by 0.2 m; the camera does not.
    #expect(zip(offsets, offsets.dropFirst()).contains { abs($0.y - $1.y) > 0.15 })
    #expect(offsets.allSatisfy { abs($0.x) < 0.1 })
    // The floor passes by at the robot's speed.
    let phases = [studio.scene(at: 3), studio.scene(at: 3.04)].compactMap { $0.floor?.phase.x }
    let period = Float(2 * studio.cell)
    #expect(abs((phases[1] - phases[0] + period).truncatingRemainder(dividingBy: period) - 0.08) < 1e-4)
  }

  @Test func goalsAreInThePictureToo() {
    let far = Marker(at: [0, 2, 1], radius: 0.05)
    let scene = Studio(
      recording(speed: 0, markers: [far]), window: 0...10, view: .init(), width: 300, height: 200
    ).scene(at: 1)
    #expect(scene.balls.count == 1)
    let place = scene.camera.project(scene.balls[0].center)
    #expect(place.x > 10 && place.x < 290 && place.y > 10 && place.y < 190)
  }

  @Test func leftIsOrangeRightIsBlue() {
    let studio = Studio(
      recording(speed: 0), window: 0...1, view: .init(azimuth: 0, elevation: 5), width: 200, height: 300)
    let scene = studio.scene(at: 0)
    let image = studio.picture(at: 0)
    for (solid, isOrange) in [(1, true), (2, false)] {
      let place = scene.camera.project(scene.solids[solid].center)
      let color = image[Int(place.x), Int(place.y)]
      #expect(isOrange ? color.x > color.z &+ 60 : color.z > color.x &+ 60)
    }
  }

  @Test func zoomAndGroundAreAsAsked() {
    let near = Studio(recording(speed: 0), window: 0...1, view: .init(zoom: 2), width: 200, height: 200)
    let far = Studio(recording(speed: 0), window: 0...1, view: .init(), width: 200, height: 200)
    let ratio = far.scene(at: 0).camera.eye.length / near.scene(at: 0).camera.eye.length
    #expect(abs(ratio - 2) < 1e-3)
    #expect([0.1, 0.2, 0.5, 1].contains(near.cell))
    var floating = Recording(robot: "dot", parts: parts, ground: nil, interval: 0.02)
    floating.frames = [recording(speed: 0).frames[0]]
    let studio = Studio(floating, window: 0...0, view: .init(), width: 20, height: 20)
    #expect(studio.scene(at: 0).floor == nil)
    #expect(studio.picture(at: 0).pixels.count == 1200)
  }
}
