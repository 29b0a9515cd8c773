import Environments
import Physics
import Robotics

extension Catalog.Entry {
  /// What the entry's robot, scene, task and env are now.
  package func fingerprint() throws -> Fingerprint {
    var groups: [Fingerprint.Group] = []
    if let model = try model() {
      groups += Self.groups(of: model)
      groups.append(.init("scene") { $0.add(propertiesOf: model.physics) })
      groups.append(
        try .init("scene", "the world") {
          $0.add(propertiesOf: try Simulation(model).worldSettings, except: ["gravity", "substep", "solver"])
        })
    }
    let spec = try spec()
    groups += Self.groups(of: spec)
    // What describes a task or measures it decides nothing.
    if let task {
      groups.append(.init("task") { $0.add(propertiesOf: task, except: ["summary", "metrics", "success"]) })
    }
    if let task, let model = try model() { groups += try Self.noise(of: task, on: model) }
    groups += try BehaviorProbe.groups(of: self, spec)
    return Fingerprint(engine: EngineDigest.text ?? "unknown", groups: groups)
  }

  private static func groups(of model: RobotModel) -> [Fingerprint.Group] {
    var groups = [
      Fingerprint.Group("robot") {
        $0.add(model.links.count, as: "links")
        $0.add(model.axes.count, as: "axes")
        $0.add(model.props.count, as: "props")
        $0.add(model.actuatedAxes, as: "actuated axes")
      }
    ]
    for (place, links) in [("", model.links), ("prop ", model.props)] {
      for flat in links {
        groups.append(
          .init("robot", "\(place)'\(flat.link.name)'") {
            $0.add(flat.parent as Any, as: "parent")
            $0.add(propertiesOf: flat.mass)
            $0.add(flat.link.joint.map { "\($0.kind)" } as Any, as: "joint")
            $0.add(propertiesOf: flat.link, except: ["name", "mass", "joint", "children", "decorations", "parts"])
          })
      }
    }
    for axis in model.axes {
      groups.append(.init("robot", "axis '\(axis.name)'") { $0.add(propertiesOf: axis, except: ["name"]) })
    }
    return groups
  }

  /// The noise of each sensor, which the settings of a training scale.
  private static func noise(of task: some RobotTask, on model: RobotModel) throws -> [Fingerprint.Group] {
    var task = task
    var sim = try Simulation(model)
    var random = Random(seed: 0)
    try task.prepare(for: model)
    try task.begin(&sim, using: &random)
    var observations = ObservationCursor()
    var nothing: [Float] = []
    var row = nothing.mutableSpan
    task.observe(sim, &observations, into: &row)
    return observations.sortedRecords.map { record in
      .init(Fingerprint.training, "observation '\(record.slice.name)'") { $0.add(record.noise, as: "noise") }
    }
  }

  private static func groups(of spec: EnvSpec) -> [Fingerprint.Group] {
    var groups = [
      Fingerprint.Group("spec") {
        $0.add(spec.controlInterval, as: "control interval")
        $0.add(spec.episodeSteps, as: "episode steps")
        $0.add(spec.observations.count, as: "observations")
        $0.add(spec.actions.count, as: "actions")
        $0.add(spec.rewardTerms.count, as: "reward terms")
        $0.add(spec.endings.count, as: "endings")
      }
    ]
    for slice in spec.observations {
      groups.append(
        .init("spec", "observation '\(slice.name)'") { $0.add(propertiesOf: slice, except: ["name", "columns"]) })
    }
    for channel in spec.actions {
      groups.append(.init("spec", "action '\(channel.name)'") { $0.add(propertiesOf: channel, except: ["name"]) })
    }
    return groups
  }
}

extension Fingerprint.Group {
  package init(_ subject: String, _ place: String = "", _ fill: (inout Reflection) throws -> Void) rethrows {
    var reflection = Reflection()
    try fill(&reflection)
    self.init(subject: subject, place: place, entries: reflection.entries)
  }
}
