import Environments
import Networks
import Storage

/// A value network with its parameters, and with its memory if it has one of its own.
package struct ValueNetwork: Sendable, Equatable {
  /// From what it reads to the value, in units of the returns' mean and standard deviation.
  package var layers: MLP
  package let input: Critic.Input
  /// What it remembers with, if it has a memory of its own.
  package var memory: GRU?

  /// - Parameter input: what the layers read.
  package init(_ layers: MLP, reading input: Critic.Input = .observations) {
    self.layers = layers
    self.input = input
  }

  /// - Parameter memory: what the layers read.
  package init(_ layers: MLP, reading memory: GRU) {
    self.layers = layers
    self.memory = memory
    input = .memory(memory.shape)
  }

  /// Whether all sizes are those of `other`.
  func hasLayers(of other: ValueNetwork) -> Bool { layers.sizes == other.layers.sizes && input == other.input }

  // MARK: Files

  private static let name = "value"
  private static let memoryName = "value.memory"

  func save(to file: inout TensorFile) {
    file.metadata["value_layers"] = JSON.array(layers.sizes.map(JSON.whole)).line
    file.metadata["value_activation"] = layers.activation.rawValue
    switch input {
    case .observations: break
    case .observationsAndAction: file.metadata["value_input"] = "observations_and_action"
    case .memory: file.metadata["value_input"] = "memory"
    case .policyFeatures: file.metadata["value_input"] = "policy_features"
    }
    memory?.save(to: &file, as: Self.memoryName)
    layers.save(to: &file, as: Self.name)
  }

  /// The value network in `file`; nil if that has none.
  ///
  /// - Throws: `LearningError` if it is damaged or does not fit the policy.
  init?(from file: TensorFile, policy: NetworkPolicy) throws {
    guard let text = file.metadata["value_layers"] else { return nil }
    let columns = policy.spec.criticColumns.count
    guard
      let activation = Activation(
        rawValue: file.metadata["value_activation"] ?? policy.network.activation.rawValue),
      let sizes = try JSON(Array(text.utf8)[...]).array?.map({ $0.int ?? 0 }), let first = sizes.first, sizes.last == 1
    else { throw Self.damaged }
    let layers = { try MLP(from: file, as: Self.name, sizes: sizes, activation: activation) }
    switch file.metadata["value_input"] {
    case nil:
      guard first == columns else { throw Self.damaged }
      self.init(try layers())
    case "observations_and_action":
      guard first == columns + policy.distribution.encodedCount else { throw Self.damaged }
      self.init(try layers(), reading: .observationsAndAction)
    case "memory":
      let shape = try GRUShape(inputCount: columns, width: first)
      let memory = try GRU(from: file, as: Self.memoryName, shape: shape)
      self.init(try layers(), reading: memory)
    case "policy_features":
      guard first == policy.network.shape.featureCount, policy.spec.policyColumns == policy.spec.criticColumns else {
        throw Self.damaged
      }
      self.init(try layers(), reading: .policyFeatures)
    default: throw Self.damaged
    }
  }

  private static let damaged = LearningError("the description of its value network is damaged")

  /// Sees that `file` holds the tensors of a network with these sizes, before it is made.
  ///
  /// - Throws: `StorageError` if it does not.
  static func check(_ file: TensorFile, sizes: [Int], memory: GRUShape?) throws {
    try MLP.check(file, holds: name, sizes: sizes)
    if let memory { try GRU.check(file, holds: memoryName, shape: memory) }
  }
}
