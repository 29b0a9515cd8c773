import Environments
import Learning
import Networks
import Robotics
import Storage
import Training

/// All that a controller on a robot needs to act as a trained policy does.
package struct ControllerDescription: Sendable {
  package let robot: String
  package let policy: NetworkPolicy
  /// Whether the file itself says what observations and actions are; else the robot does, as it is now.
  let isFromFile: Bool

  package var spec: EnvSpec { policy.spec }

  /// - Parameter entry: the robot as it is now, if it is known. It is asked where the file is too old to say what its
  ///   observations and actions are.
  package init(_ file: PolicyFile, of entry: Catalog.Entry?) throws {
    robot = file.robot
    let spec = file.policy.spec
    let isSilent = spec.actions.allSatisfy { $0.unit.isEmpty && $0.actuator == nil }
    if isSilent, let present = try entry?.spec(), spec.difference(from: present) == nil {
      isFromFile = present == spec
      policy = try file.policy.moved(to: present)
    } else {
      isFromFile = true
      policy = file.policy
    }
  }

  /// How a step is computed, in the words of the JSON's keys.
  package var steps: [String] {
    [
      "Every control_interval_s seconds: measure, multiply each measured value by its observation's scale, and put the "
        + "results into one row x in the order of the columns."
    ] + policy.graph.operations.flatMap { lines(of: $0) } + [
      "Command: rest + scale * a, in the action's unit, held until the next step.",
      "Actuator: a position command gives the effort stiffness * (command - position) - damping * velocity, a velocity "
        + "command damping * (command - velocity) (null: as stiff as can be), an effort command itself; all within +-limit.",
    ]
  }

  private func lines(of operation: InferenceGraph.Operation) -> [String] {
    switch operation {
    case .normalize: ["Normalize: x becomes clamp((x - mean) / std, -clip, clip)."]
    case .gru:
      [
        "Remember: with the memory h, zero when an episode starts, r = s(W_r x + b_r + U_r h + c_r), "
          + "z = s(W_z x + b_z + U_z h + c_z), n = tanh(W_n x + b_n + r * (U_n h + c_n)), where s(a) = 1 / (1 + exp(-a)); "
          + "h becomes (1 - z) * n + z * h, and x becomes h."
      ]
    case .dense:
      [
        "Evaluate the network on x, in single precision: each layer is weights x + biases, with the activation behind every "
          + "layer but the last. The result is u."
      ]
    case .tanh(let count):
      [
        count == policy.network.outputCount
          ? "u becomes tanh(u)."
          : "u becomes tanh of its first \(count) numbers; the others say how the policy explored."
      ]
    case .largest(let counts):
      ["Choose: u is \(counts.count) runs of \(counts) numbers; each choice a is the index of the largest of its run."]
    case .rescale: ["Action: a = clamp((low + high) / 2 + (high - low) / 2 * u, low, high)."]
    }
  }

  /// A column of the policy's row with what is known of it.
  struct Column {
    let slice: ObservationSlice
    /// Within the slice.
    let number: Int
    /// The normalizer's, if there is one.
    let mean: Double?
    let std: Double?

    var name: String { number < slice.columns.count ? slice.columns[number] : "" }
  }

  /// The slices that the policy reads, in the order of its row.
  package var slices: [ObservationSlice] { spec.observations.filter { $0.audience != .critic } }

  var columns: [Column] {
    var columns: [Column] = []
    for slice in slices {
      for number in 0..<slice.count {
        let place = columns.count
        columns.append(
          Column(
            slice: slice, number: number, mean: hasNormalizer ? policy.normalizer.mean[place] : nil,
            std: hasNormalizer ? std(place) : nil))
      }
    }
    return columns
  }

  var hasNormalizer: Bool { policy.observationClip > 0 }

  /// What deviations from the mean are divided by: where a column never varied in training, a number so large that nothing
  /// is left of them.
  private func std(_ column: Int) -> Double {
    min(1 / policy.normalizer.scale(column), Double(Float.greatestFiniteMagnitude))
  }
}
