import Robotics

/// Colors that tell a robot's left from its right: orange and blue, which color-blind readers tell apart as well.
enum LinkColors {
  private static let left = Color.hex(0xE9832B)
  private static let right = Color.hex(0x2D7FC1)
  static let joint = Color.hex(0x2B333C)
  static let scenery = Color.hex(0x9AA5B0)
  static let light = Color.hex(0xE3E8ED)
  private static let trunk = Color.hex(0x566473)
  /// For links in the middle, in turn along the chain, so that joints show.
  private static let middle = [Color.hex(0xBCC5CE), Color.hex(0x5F6E7D)]

  static func colors(of parts: [Recording.Part]) -> [Vector] {
    var colors: [Vector] = []
    var depths: [Int] = []
    for part in parts {
      let side = side(of: part.name)
      // How many ancestors of the same kind it has.
      let depth = part.parent.map { self.side(of: parts[$0].name) == side ? depths[$0] + 1 : 0 } ?? 0
      depths.append(depth)
      if let side {
        // Every further link is a little darker, so that one stands out against the next.
        var shade: Float = 1
        for _ in 0..<min(depth, 4) { shade *= 0.80 }
        colors.append(side * shade)
      } else {
        colors.append(depth == 0 ? trunk : middle[(depth - 1) % middle.count])
      }
    }
    return colors
  }

  private static func side(of name: String) -> Vector? {
    let name = name.lowercased()
    return name.contains("left") ? left : name.contains("right") ? right : nil
  }
}
