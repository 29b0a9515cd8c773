import Physics

/// Points rounded to whole numbers from 0 to 2²⁰ − 1, most duplicates left out.
struct HullGrid {
  private static let steps = Double(1 << 20 - 1)
  /// More places than that are thinned out.
  private static let mostPlaces = 1 << 16

  private(set) var places: [SIMD3<Int32>] = []
  /// The point of each place.
  private var indices: [Int32] = []

  var count: Int32 { Int32(places.count) }

  func index(_ place: Int32) -> Int { Int(indices[Int(place)]) }

  init(_ points: [Vector3], scale: Vector3) {
    var lower = Vector3(repeating: .infinity)
    var upper = Vector3(repeating: -.infinity)
    for point in points {
      lower = pointwiseMin(lower, point * scale)
      upper = pointwiseMax(upper, point * scale)
    }
    var factor = Self.steps / (upper - lower)
    for i in 0..<3 where !factor[i].isFinite { factor[i] = 0 }
    // A corner that several triangles share comes again soon: what was last seen of each remainder is compared.
    var seen = [UInt64](repeating: .max, count: 1 << 14)
    for (i, point) in points.enumerated() {
      let scaled = ((point * scale - lower) * factor).rounded(.toNearestOrEven)
      let inside = scaled.clamped(lowerBound: .zero, upperBound: Vector3(repeating: Self.steps))
      guard inside.isFinite else { continue }
      let place = SIMD3(Int32(inside.x), Int32(inside.y), Int32(inside.z))
      let key = UInt64(place.x) << 40 | UInt64(place.y) << 20 | UInt64(place.z)
      let slot = Int((key &* 0x9E37_79B9_7F4A_7C15) >> 50)
      guard seen[slot] != key else { continue }
      seen[slot] = key
      places.append(place)
      indices.append(Int32(i))
    }
    if places.count > Self.mostPlaces { thinOut() }
  }

  /// Keeps what is farthest from the middle in each of 6 · 64² directions.
  private mutating func thinOut() {
    let count = Double(places.count)
    let middle = places.reduce(Vector3.zero) { $0 + Vector3($1) / count }
    let cells = 64
    var farthest = [(square: Double, position: Int)](repeating: (-1, 0), count: 6 * cells * cells)
    for (i, place) in places.enumerated() {
      let v = Vector3(place) - middle
      let size = max(abs(v.x), abs(v.y), abs(v.z))
      guard size > 0 else { continue }
      let side = abs(v.x) == size ? 0 : abs(v.y) == size ? 1 : 2
      func cell(_ value: Double) -> Int { min(cells - 1, Int((value / size + 1) * Double(cells / 2))) }
      let face = 2 * side + (v[side] < 0 ? 1 : 0)
      let direction = (face * cells + cell(v[(side + 1) % 3])) * cells + cell(v[(side + 2) % 3])
      let square = v.dot(v)
      if square > farthest[direction].square { farthest[direction] = (square, i) }
    }
    let kept = farthest.filter { $0.square >= 0 }.map(\.position).sorted()
    places = kept.map { places[$0] }
    indices = kept.map { indices[$0] }
  }

  /// Places that span as many dimensions as there are; nil where all are one.
  var seed: (first: Int32, second: Int32, third: Int32?, fourth: Int32?)? {
    guard let origin = places.first else { return nil }
    let first = farthest { HullBuilder.square($0 &- origin) }
    let a = places[first]
    let second = farthest { HullBuilder.square($0 &- a) }
    let along = places[second] &- a
    guard along != .zero else { return nil }
    let third = farthest { HullBuilder.size(HullBuilder.cross(along, $0 &- a)) }
    let normal = HullBuilder.cross(along, places[third] &- a)
    let (p, q) = (Int32(first), Int32(second))
    guard normal != .zero else { return (p, q, nil, nil) }
    let fourth = farthest { Double(abs(HullBuilder.dot(normal, $0 &- a))) }
    let isFlat = HullBuilder.dot(normal, places[fourth] &- a) == 0
    return (p, q, Int32(third), isFlat ? nil : Int32(fourth))
  }

  private func farthest(_ measure: (SIMD3<Int32>) -> Double) -> Int {
    var best = 0
    var greatest = -1.0
    for (i, place) in places.enumerated() {
      let value = measure(place)
      if value > greatest { (best, greatest) = (i, value) }
    }
    return best
  }

  /// A corner of the grid that is not in the plane of three places.
  func corner(besides first: Int32, _ second: Int32, _ third: Int32) -> SIMD3<Int32> {
    let a = places[Int(first)]
    let normal = HullBuilder.cross(places[Int(second)] &- a, places[Int(third)] &- a)
    let end = Int32(Self.steps)
    let corners = (0..<8).map { SIMD3(Int32($0 & 1) * end, Int32($0 >> 1 & 1) * end, Int32($0 >> 2) * end) }
    return corners.first { HullBuilder.dot(normal, $0 &- a) != 0 } ?? .zero
  }
}
