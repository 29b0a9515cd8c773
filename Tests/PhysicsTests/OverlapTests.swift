import Physics
import Testing

@Suite struct OverlapTests {
  private func overlaps(_ places: [Vector3], ground: Bool = true) throws -> [Overlap] {
    var world = try World()
    if ground { try world.addGround() }
    for (i, place) in places.enumerated() {
      _ = try world.addBody(Models.body("ball \(i)", .sphere(radius: 0.1), mass: 1, at: place))
    }
    return try world.overlaps()
  }

  @Test func depthsOfWhatIsInEachOther() throws {
    let found = try overlaps([[0, 0, 0.07], [0.15, 0, 0.5], [0, 0, 0.5], [3, 0, 0.5]])
    #expect(found.count == 2)
    #expect(found[0].body.index == 0 && found[0].other == nil && abs(found[0].depth - 0.03) < 1e-9)
    #expect(found[1].body.index == 1 && found[1].other?.index == 2 && abs(found[1].depth - 0.05) < 1e-9)
    #expect(try overlaps([[0, 0, 0.07]], ground: false).isEmpty)
    #expect(try overlaps([[0, 0, 0.101], [0.201, 0, 0.101]]).isEmpty)
  }

  /// Looking makes no contacts: what follows is the same to the bit.
  @Test func lookingChangesNothing() throws {
    var heights: [Double] = []
    for looks in [false, true] {
      var world = try World()
      try world.addGround()
      let ball = try world.addBody(Models.body("ball", .sphere(radius: 0.1), mass: 1, at: [0, 0, 0.08]))
      for _ in 0..<50 {
        if looks { _ = try world.overlaps() }
        try world.step()
      }
      heights.append(world.pose(of: ball).position.z)
    }
    #expect(heights[0] == heights[1])
  }
}
