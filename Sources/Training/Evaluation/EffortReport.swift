import Environments
import Robotics

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

  /// A table for reading: a row for each joint with the means over episodes, the peak over all.
  package var table: String {
    let hasForces = joints.contains { $0.figures.first?.name == "force_n" }
    let hasTorques = joints.contains { $0.figures.first?.name == "torque_nm" }
    let unit = hasForces ? hasTorques ? "N m or N" : "N" : "N m"
    let word = hasForces ? hasTorques ? "effort" : "force" : "torque"
    var rows = [["joint", "mean \(word) (\(unit))", "peak", "share of limit", "at \(word) limit", "at joint limit"]]
    for joint in joints {
      rows.append(
        [joint.name]
          + joint.figures.enumerated().map { i, figure in
            (i == 1 ? figure.statistics.max : figure.statistics.mean).map(NumberText.short) ?? "–"
          })
    }
    return TextTable(rows).text
  }
}
