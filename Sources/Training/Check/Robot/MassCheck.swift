import Physics
import Robotics

/// Neighbors of very unlike masses, which the solver of constraints cannot hold together well.
///
/// ODE's iterative solver diverges, and its direct one grows soft, where a light link carries a heavy one; some 10 : 1 is
/// what practice allows (gazebosim/gazebo-classic#895 is a robot that it tore apart).
enum MassCheck {
  static let greatestRatio = 10.0

  static func findings(of model: RobotModel) -> [Finding] {
    model.links.compactMap { flat in
      guard let parent = flat.parent.map({ model.links[$0] }) else { return nil }
      // A link that the world holds has no mass that counts.
      if parent.parent == nil, parent.link.joint?.kind == .fixed { return nil }
      let (mine, its) = (flat.mass.mass, parent.mass.mass)
      let ratio = max(mine / its, its / mine)
      guard ratio > greatestRatio * (1 + 1e-9) else { return nil }
      let lighter = mine < its ? flat.link.name : parent.link.name
      return Finding(
        id: "mass_ratio", severity: .warning, place: "links '\(parent.link.name)' and '\(flat.link.name)'",
        sentence: "a joint ties \(figure(its)) kg to \(figure(mine)) kg, \(figure(ratio)) : 1",
        hint: "keep neighbors within \(figure(greatestRatio)) : 1: give '\(lighter)' at least "
          + "\(figure(max(mine, its) / greatestRatio)) kg, or make it part of its neighbor")
    }
  }
}
