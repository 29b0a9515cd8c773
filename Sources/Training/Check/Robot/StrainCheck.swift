import Physics
import Robotics

/// What the robot goes through when it is dropped and when its actuators give all they have: joints that gape, stops that
/// give way, links that sink into the ground, and a simulation that fails.
enum StrainCheck {
  /// m.
  static let dropHeight = 0.2
  static let dropSeconds = 1.5
  /// Of each of the rhythms in which the actuators go from end to end.
  static let loadSeconds = 1.0
  /// The widest that a joint may gape as a share of the robot's size.
  static let greatestGap = 0.03
  /// How far an axis may pass its stops, rad; a slider's, as a share of the robot's size.
  static let (greatestTurn, greatestSlide) = (0.3, 0.25)
  /// How deep a link may come to rest in the ground as a share of the robot's size; an impact may go deeper.
  static let greatestSinking = 0.05

  static func findings(of robot: any Robot) -> [Finding] {
    (try? measured(robot)) ?? []
  }

  private static func measured(_ robot: some Robot) throws -> [Finding] {
    let model = try RobotModel(robot)
    var strain = try Strain(model)
    strain.drop()
    strain.load()
    return strain.findings
  }

  /// The worst that was seen.
  private struct Strain: ~Copyable {
    private var sim: Simulation
    private let model: RobotModel
    /// Meters from the lowest to the highest, or the leftmost to the rightmost, of the links' origins and shapes.
    private let size: Double
    private var gap = 0.0
    private var sinking: (link: String, depth: Double)?
    private var excess: [Double]
    private var faults: [(when: String, why: String)] = []

    init(_ model: RobotModel) throws {
      let sim = try Simulation(model)
      let reach = model.links.map { flat in
        (flat.origin - model.links[0].origin).length + (flat.link.colliders.map(\.shape.boundingRadius).max() ?? 0)
      }
      size = max(reach.max() ?? 0, 1e-3)
      excess = model.axes.map { _ in 0 }
      self.model = model
      self.sim = sim
    }

    private mutating func place(above height: Double) {
      guard model.isFloating, model.physics.hasGround else { return sim.place(at: sim.rootPose) }
      let lowest = sim.lowestPoint(at: .identity, positions: model.neutralPositions)
      sim.place(at: Pose(position: [0, 0, height - (lowest.isFinite ? lowest : 0)]))
    }

    private func controlSteps(_ seconds: Double) -> Int { max(1, Int((seconds / sim.controlInterval).rounded())) }

    /// Falls from `dropHeight` without doing anything.
    mutating func drop() {
      place(above: dropHeight)
      let idle = Array(repeating: Float(0), count: model.actuatedAxes.count)
      do {
        for _ in 0..<controlSteps(dropSeconds) {
          try sim.step(idle.span)
          look()
        }
        lookAtGround()
      } catch { fault("dropped from \(figure(dropHeight)) m, doing nothing", error) }
    }

    /// Every actuator from end to end and back: all alike, then neighbors against each other, slowly and quickly.
    mutating func load() {
      let count = model.actuatedAxes.count
      guard count > 0 else { return }
      for (alternates, seconds) in [(false, 0.5), (true, 0.5), (true, 0.06)] {
        place(above: 0)
        let period = controlSteps(seconds)
        do {
          for step in 0..<controlSteps(loadSeconds) {
            let action = (0..<count).map { i in
              Float((step / period + (alternates ? i : 0)).isMultiple(of: 2) ? 1 : -1)
            }
            try sim.step(action.span)
            look()
          }
        } catch { fault("driven from end to end every \(figure(seconds)) s", error) }
      }
    }

    private mutating func fault(_ when: String, _ error: any Error) {
      faults.append((when, "\(error)"))
      if let fresh = try? Simulation(model) { sim = fresh }
    }

    private mutating func look() {
      gap = max(gap, sim.maximumJointGap)
      for (i, axis) in model.axes.enumerated() {
        guard let range = axis.range else { continue }
        let position = sim.position(ofAxis: i)
        excess[i] = max(excess[i], range.lowerBound - position, position - range.upperBound)
      }
    }

    /// Once it lies or stands: how deep.
    private mutating func lookAtGround() {
      guard model.physics.hasGround else { return }
      for (i, name) in model.linkNames.enumerated() {
        let depth = -sim.clearance(of: LinkID(index: i))
        // A root that the world holds may stand in the ground for good.
        if !model.isFloating, i == 0 { continue }
        if depth > sinking?.depth ?? 0 { sinking = (name, depth) }
      }
    }

    var findings: [Finding] {
      var findings = faults.map { when, why in
        Finding(
          id: "breaks_down", severity: .error, sentence: "\(when), the simulation fails: \(why)",
          hint: "use a shorter substep, lower gains and limits, or form: .implicit for position drives")
      }
      if gap > greatestGap * size {
        findings.append(
          Finding(
            id: "joints_gape", severity: .warning,
            sentence:
              "joints open up to \(figure(gap * 1000)) mm when the robot is dropped or drives its joints from end to end",
            hint: "use a shorter substep, the direct solver, lower limits, or masses that are more alike"))
      }
      for (i, distance) in excess.enumerated() {
        let isSliding = model.isSliding(axis: i)
        guard distance > (isSliding ? greatestSlide * size : greatestTurn), let range = model.axes[i].range else {
          continue
        }
        findings.append(
          Finding(
            id: "stops_give_way", severity: .warning, place: "axis '\(model.axes[i].name)'",
            sentence: "it is driven \(figure(distance)) \(positionUnit(sliding: isSliding)) beyond its stops "
              + "(\(figure(range.lowerBound)) to \(figure(range.upperBound)))",
            hint: "lower its actuator's limit or its reach, or use a shorter substep"))
      }
      if let sinking, sinking.depth > greatestSinking * size {
        findings.append(
          Finding(
            id: "sinks", severity: .warning, place: "link '\(sinking.link)'",
            sentence: "it comes to rest \(figure(sinking.depth * 1000)) mm deep in the ground",
            hint: "give it fewer kilograms or more places to stand on: contacts are springs of 100,000 N/m"))
      }
      return findings
    }
  }
}
