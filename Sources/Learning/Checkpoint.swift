import Environments
import Networks
import Storage

/// What the files mean that policies and training states are kept in.
///
/// A policy file holds `policy.<layer>.weight` (outputs × inputs, as PyTorch's `Linear` keeps it) and `.bias`,
/// `policy.raw_log_std` and the policy's normalizer; the text says how to use them and what env they are for. One that a
/// training wrote also holds its value network (`value.…`, `observations.normalizer`), for trainings that start from it. A
/// training state is a policy file with more in it, so either can be evaluated.
public enum Checkpoint {
  /// A file with the policy alone, for the robot (or the catalog entry) of that name.
  public static func policyFile(_ policy: NetworkPolicy, robot: String) -> TensorFile {
    var file = TensorFile()
    file.metadata["robot"] = robot
    policy.save(to: &file)
    return file
  }
}

extension Learner where Self: ~Copyable {
  /// A file with the policy and what a training that starts from it needs beside it.
  public func policyFile(robot: String) throws -> TensorFile {
    var file = TensorFile()
    file.metadata["robot"] = robot
    try savePolicy(to: &file)
    return file
  }

  /// A file with all that training depends on.
  public func trainingFile(envs: VectorEnv, robot: String) throws -> TensorFile {
    var file = TensorFile()
    file.metadata["robot"] = robot
    file.metadata["learner"] = Settings.section
    try save(to: &file)
    var writer = StateWriter()
    envs.save(to: &writer)
    file.set("envs", .uint8(writer.bytes))
    return file
  }

  /// Puts learner and envs, made with the same settings, back into the state in which the file was made; what follows is
  /// equal to the bit.
  ///
  /// - Throws: `LearningError` if the file is for something else. The envs may then be halfway.
  public mutating func restore(envs: VectorEnv, from file: TensorFile) throws {
    if let name = file.metadata["learner"], name.lowercased() != Settings.section {
      throw LearningError("it is of the learner '\(printable(name))', not of '\(Settings.section)'")
    }
    var reader = StateReader(try file.bytes("envs"))
    try restore(from: file)
    do {
      try envs.restore(from: &reader)
    } catch let error as StateError {
      throw LearningError("the envs cannot be restored: \(error)")
    }
    guard reader.isAtEnd else { throw LearningError("the envs cannot be restored: the file holds more than they need") }
  }
}
