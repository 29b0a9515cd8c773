/// Builds a convex hull of whole numbers, a corner at a time, each the farthest out of some face (quickhull).
///
/// Coordinates are from 0 to 2²⁰ − 1, so that normals stay below 2⁴¹ and heights below 2⁶³; arithmetic may wrap in between.
/// What is in the plane of a face is not outside of it. So the faces that a new corner sees are always one patch with a
/// simple outline, and no face is degenerate.
struct HullBuilder {
  private static let mostCorners = 2000
  /// Tests of a point against a face, or as much work, after which the hull is left as it is.
  private static let mostWork = 30_000_000
  private static let none: Int32 = -1

  private struct Face {
    var corners: SIMD3<Int32>
    /// Behind the edges from corner 0 to 1, 1 to 2 and 2 to 0.
    var neighbors: SIMD3<Int32>
    var normal: SIMD3<Int64>
    /// Of the points that are known to be outside: the first of a list, and the farthest.
    var outside = HullBuilder.none
    var farthest = HullBuilder.none
    var height: Int64 = 0
    /// The last corner that sees it.
    var seenBy = HullBuilder.none
    var isPart = true
  }

  private let places: [SIMD3<Int32>]
  private var faces: [Face] = []
  private var unused: [Int32] = []
  /// The next point of the list that a point is in.
  private var next: [Int32]
  /// The new face whose first corner a point is.
  private var beginning: [Int32]
  private var work = 0

  init(_ places: [SIMD3<Int32>]) {
    self.places = places
    next = Array(repeating: Self.none, count: places.count)
    beginning = next
  }

  /// The faces' corners.
  var triangles: [SIMD3<Int32>] { faces.filter(\.isPart).map(\.corners) }

  /// Builds the hull from four places that are not in a plane.
  mutating func build(_ seed: SIMD4<Int32>) {
    var (a, b) = (seed[0], seed[1])
    let (c, d) = (seed[2], seed[3])
    let normal = Self.cross(place(b) &- place(a), place(c) &- place(a))
    if Self.dot(normal, place(d) &- place(a)) > 0 { swap(&a, &b) }
    // The fourth is below the face of the first three.
    addFace(SIMD3(a, b, c), SIMD3(1, 2, 3))
    addFace(SIMD3(b, a, d), SIMD3(0, 3, 2))
    addFace(SIMD3(c, b, d), SIMD3(0, 1, 3))
    addFace(SIMD3(a, c, d), SIMD3(0, 2, 1))
    for point in 0..<Int32(places.count) { put(point, into: [0, 1, 2, 3]) }
    var waiting: [Int32] = [0, 1, 2, 3]
    var position = 0
    var corners = 4
    while position < waiting.count, corners < Self.mostCorners, work < Self.mostWork {
      let face = waiting[position]
      position += 1
      guard faces[Int(face)].isPart, faces[Int(face)].outside != Self.none else { continue }
      guard let added = extend(face) else { return }
      waiting += added.filter { faces[Int($0)].outside != Self.none }
      corners += 1
    }
  }

  /// Makes the point that is farthest out of a face a corner.
  ///
  /// - Returns: the new faces; nil where the outline is not simple, which exact numbers rule out.
  private mutating func extend(_ face: Int32) -> [Int32]? {
    let corner = faces[Int(face)].farthest
    var seen = [face]
    var outline: [(from: Int32, to: Int32, beyond: Int32)] = []
    faces[Int(face)].seenBy = corner
    var i = 0
    while i < seen.count {
      let inner = faces[Int(seen[i])]
      for edge in 0..<3 {
        let neighbor = inner.neighbors[edge]
        guard faces[Int(neighbor)].seenBy != corner else { continue }
        if height(of: corner, over: neighbor) > 0 {
          faces[Int(neighbor)].seenBy = corner
          seen.append(neighbor)
        } else {
          outline.append((inner.corners[edge], inner.corners[(edge + 1) % 3], neighbor))
        }
      }
      i += 1
    }
    for (from, _, _) in outline { beginning[Int(from)] = Self.none }
    var added: [Int32] = []
    for (from, to, beyond) in outline {
      let face = addFace(SIMD3(from, to, corner), SIMD3(beyond, Self.none, Self.none))
      added.append(face)
      guard beginning[Int(from)] == Self.none else { return nil }
      beginning[Int(from)] = face
      for edge in 0..<3 where faces[Int(beyond)].corners[edge] == to { faces[Int(beyond)].neighbors[edge] = face }
    }
    for face in added {
      let following = beginning[Int(faces[Int(face)].corners[1])]
      guard following != Self.none else { return nil }
      faces[Int(face)].neighbors[1] = following
      faces[Int(following)].neighbors[2] = face
    }
    for face in seen {
      faces[Int(face)].isPart = false
      var point = faces[Int(face)].outside
      while point != Self.none {
        let following = next[Int(point)]
        if point != corner { put(point, into: added) }
        point = following
      }
    }
    unused += seen
    work += 20 * (seen.count + outline.count)
    return added
  }

  @discardableResult
  private mutating func addFace(_ corners: SIMD3<Int32>, _ neighbors: SIMD3<Int32>) -> Int32 {
    let a = place(corners[0])
    let normal = Self.cross(place(corners[1]) &- a, place(corners[2]) &- a)
    let face = Face(corners: corners, neighbors: neighbors, normal: normal)
    if let index = unused.popLast() {
      faces[Int(index)] = face
      return index
    }
    faces.append(face)
    return Int32(faces.count - 1)
  }

  /// Puts a point into the list of the first face that it is outside of, if there is one.
  private mutating func put(_ point: Int32, into candidates: [Int32]) {
    for face in candidates {
      work += 1
      let height = height(of: point, over: face)
      guard height > 0 else { continue }
      let i = Int(face)
      next[Int(point)] = faces[i].outside
      faces[i].outside = point
      if height > faces[i].height {
        faces[i].height = height
        faces[i].farthest = point
      }
      return
    }
  }

  // MARK: Arithmetic

  private func place(_ point: Int32) -> SIMD3<Int32> { places[Int(point)] }

  private func height(of point: Int32, over face: Int32) -> Int64 {
    let face = faces[Int(face)]
    return Self.dot(face.normal, place(point) &- place(face.corners[0]))
  }

  static func cross(_ a: SIMD3<Int32>, _ b: SIMD3<Int32>) -> SIMD3<Int64> {
    let (a, b) = (SIMD3<Int64>(truncatingIfNeeded: a), SIMD3<Int64>(truncatingIfNeeded: b))
    return SIMD3(
      a.y &* b.z &- a.z &* b.y,
      a.z &* b.x &- a.x &* b.z,
      a.x &* b.y &- a.y &* b.x)
  }

  static func dot(_ a: SIMD3<Int64>, _ b: SIMD3<Int32>) -> Int64 {
    a.x &* Int64(b.x) &+ a.y &* Int64(b.y) &+ a.z &* Int64(b.z)
  }

  /// The square of the length.
  static func square(_ v: SIMD3<Int32>) -> Double { size(SIMD3<Int64>(truncatingIfNeeded: v)) }

  /// The square of the length.
  static func size(_ v: SIMD3<Int64>) -> Double {
    let (x, y, z) = (Double(v.x), Double(v.y), Double(v.z))
    return x * x + y * y + z * z
  }
}
