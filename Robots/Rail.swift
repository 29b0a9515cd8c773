import Robotics

/// The rail along the x axis on which carts run, on two posts; only seen.
enum Rail {
  static let scenery: [Decoration] =
    [Decoration(.cylinder(radius: 0.03, length: 2.5), center: .zero, along: .unitX)]
    + [-1.22, 1.22].flatMap { x in
      [
        Decoration(.box(size: [0.06, 0.06, 0.50]), center: [x, 0, -0.22]),
        Decoration(.box(size: [0.14, 0.36, 0.03]), center: [x, 0, -0.48]),
      ]
    }
}
