import Environments
import Robotics
import Storage

/// What an evaluation found about the actuators of a simulated robot; see `EffortMeter`.
package struct EffortReport: Sendable {
  package struct Joint: Sendable {
    package let name: String
    package var figures: [(name: String, statistics: Statistics)]
  }

  /// Of the robot as a whole.
  package private(set) var figures: [(name: String, statistics: Statistics)] = []
  package private(set) var joints: [Joint] = []

  /// - Returns: nil where no effort was measured.
  package init?(_ evaluation: Evaluation) {
    for (i, name) in evaluation.metricNames.enumerated() where name.hasPrefix(EffortMeter.prefix) {
      let statistics = Statistics(evaluation.metrics.map { $0[i] })
      let path = name.dropFirst(EffortMeter.prefix.count)
      guard let slash = path.lastIndex(of: "/") else {
        figures.append((String(path), statistics))
        continue
      }
      let joint = String(path[..<slash])
      if joints.last?.name != joint { joints.append(Joint(name: joint, figures: [])) }
      joints[joints.count - 1].figures.append((String(path[path.index(after: slash)...]), statistics))
    }
    if figures.isEmpty { return nil }
  }

  package var json: JSON {
    let members = { (figures: [(name: String, statistics: Statistics)]) in
      figures.map { (key: $0.name, value: $0.statistics.json) }
    }
    let joints = joints.map { (key: $0.name, value: JSON.object(members($0.figures))) }
    return .object(members(figures) + [("joints", .object(joints))])
  }
}
