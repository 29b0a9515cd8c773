import Environments
import Learning
import Networks
import Storage

extension RunDoctor {
  /// Names of the texts that hold what depends on the training alone, and what depends on the machine.
  private static let (trainingKey, machineKey) = ("run_doctor", "machine_speed")

  /// Adds all that is remembered to `file`. Equal trainings leave the same there, up to how fast they were.
  package func save(to file: inout TensorFile) {
    var (training, machine) = (StateWriter(), StateWriter())
    save(training: &training, machine: &machine)
    file.metadata[Self.trainingKey] = training.bytes.hexadecimal
    file.metadata[Self.machineKey] = machine.bytes.hexadecimal
  }

  /// Takes up what a checkpoint remembers; nothing is remembered by one of an earlier version.
  ///
  /// - Throws: if it is damaged or another training's; the doctor is then to be thrown away.
  package mutating func restore(from file: TensorFile) throws {
    guard let training = file.metadata[Self.trainingKey], let machine = file.metadata[Self.machineKey] else { return }
    guard let trainingBytes = [UInt8](hexadecimal: training), let machineBytes = [UInt8](hexadecimal: machine) else {
      throw LearningError("the state of the run doctor is damaged")
    }
    var (trainingReader, machineReader) = (StateReader(trainingBytes), StateReader(machineBytes))
    try restore(training: &trainingReader, machine: &machineReader)
    guard trainingReader.isAtEnd, machineReader.isAtEnd else {
      throw LearningError("the state of the run doctor is damaged")
    }
  }
}
