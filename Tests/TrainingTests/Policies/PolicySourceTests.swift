import Environments
import Foundation
import Learning
import Networks
import Robotics
import TestRuns
import Testing
import Training

@Suite struct PolicySourceTests {
  private let catalog = Catalog([.walker(), .walker("other")])

  private func policyFile(
    robot: String = "walker", for env: Walker, in folder: TemporaryFolder, as name: String = "p"
  ) throws -> String {
    let policy = try NetworkPolicy(
      spec: env.spec, network: MLP(sizes: [env.spec.observationCount, 1], activation: .tanh))
    let path = folder.path + "/" + name
    try Checkpoint.policyFile(policy, robot: robot).write(to: path)
    return path
  }

  private func message(robot: String? = nil, policy: String? = nil, in catalog: Catalog) -> String {
    do {
      _ = try PolicySource.find(robot: robot, policy: policy, in: catalog, stochastic: false)
      return "found"
    } catch { return "\(error)" }
  }

  @Test func aFileKnowsItsRobot() throws {
    let folder = try TemporaryFolder()
    let subject = try PolicySource.find(
      robot: nil, policy: policyFile(for: Walker(), in: folder), in: catalog, stochastic: true)
    #expect(subject.entry.name == "walker")
    #expect((subject.policy as? NetworkPolicy)?.mode == .stochastic)
  }

  @Test func aRunDirectoryStandsForItsBestPolicy() throws {
    let folder = try TemporaryFolder()
    let run = RunDirectory(path: folder.path)
    try FileManager.default.createDirectory(atPath: folder.path + "/checkpoints", withIntermediateDirectories: true)
    #expect(
      message(policy: folder.path, in: catalog)
        == "'\(folder.path)' is a folder without a policy; a run directory has \(run.best)")
    _ = try policyFile(for: Walker(), in: folder, as: "checkpoints/last.safetensors")
    #expect(try PolicySource.find(robot: nil, policy: folder.path, in: catalog, stochastic: false).name == run.last)
    _ = try policyFile(for: Walker(), in: folder, as: "checkpoints/best.safetensors")
    #expect(
      try PolicySource.find(robot: nil, policy: folder.path + "/", in: catalog, stochastic: false).name == run.best)
  }

  @Test func namedPolicies() throws {
    let subject = try PolicySource.find(robot: "walker", policy: "zero", in: catalog, stochastic: false)
    #expect(subject.name == "zero")
    #expect(
      message(policy: "zero", in: catalog)
        == "the policy 'zero' needs a robot: each robot has its own")
    #expect(message(robot: "walker", policy: "zer", in: catalog).hasPrefix("no policy 'zer'; did you mean 'zero'?"))
  }

  @Test func theShippedPolicy() throws {
    let folder = try TemporaryFolder()
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: policyFile(for: Walker(), in: folder))))
    let entry = Catalog.Entry("walker", summary: "", trainedPolicy: { bytes }, env: { try Walker() })
    let subject = try PolicySource.find(robot: "walker", policy: nil, in: Catalog([entry]), stochastic: false)
    #expect(subject.name == "trained")
    #expect(message(robot: "walker", in: catalog).hasPrefix("robot 'walker' has no trained policy; "))
  }

  @Test func theShippedPolicyIsOffered() throws {
    let entry = Catalog.Entry("walker", summary: "", trainedPolicy: { [] }, env: { try Walker() })
    let none = message(robot: "walker", policy: "none", in: Catalog([entry]))
    #expect(none.hasSuffix("a policy is a file, a run directory, or one of trained, random, zero"), "\(none)")
    #expect(message(robot: "walker", policy: "traind", in: Catalog([entry])).contains("did you mean 'trained'?"))
    #expect(message(policy: "trained", in: Catalog([entry])).hasPrefix("the policy 'trained' needs a robot: "))
  }

  /// One rule for all names of policies, and it is said which was taken.
  @Test(arguments: ["zero", "trained"])
  func aNameGoesBeforeAPath(_ name: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.path + "/\(name)/seed-1", withIntermediateDirectories: true)
    let said = "'\(name)' is taken as the policy that comes with robot 'pendulum'; ./\(name) would be the folder\n"
    for arguments in [
      ["evaluate", "--robot", "pendulum", "--policy", name], ["compare", name, "random", "--robot", "pendulum"],
    ] {
      let outcome = try Command.run(arguments + ["--episodes", "2"], in: folder)
      #expect(outcome.status == 0 && outcome.errors == said, "\(outcome.errors)")
    }
    let path = try Command.run(["evaluate", "--robot", "pendulum", "--policy", "./\(name)"], in: folder)
    #expect(path.errors.hasPrefix("Error: './\(name)' is a folder without a policy; "))
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let folder = try TemporaryFolder()
    let path = try policyFile(for: Walker(), in: folder)
    #expect(message(robot: "other", policy: path, in: catalog) == "'\(path)' is for robot 'walker', not 'other'")
    #expect(
      message(policy: path, in: Catalog([.walker("other")]))
        == "'\(path)' is for robot 'walker', which is unknown here; the robots are other")
    let wider = Catalog([.walker { try Walker(observationCount: 2) }])
    #expect(
      message(policy: path, in: wider)
        == "'\(path)' does not fit robot 'walker' as it is now: it was trained on 1 observations, the robot shows 2 "
        + "(position (1) where the robot has position (2))")
    let renamed = Catalog([.walker { try Walker(actionName: "pull") }])
    #expect(message(policy: path, in: renamed).contains("(push (-1.0 to 1.0) where the robot has pull (-1.0 to 1.0))"))
  }

  @Test func damagedFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = try policyFile(for: Walker(), in: folder)
    let whole = [UInt8](try folder.data("p"))
    for length in stride(from: 0, to: whole.count, by: 7) {
      let error = #expect(throws: TrainingError.self) {
        try PolicyFile.read(Array(whole[..<length]), from: quoted(path))
      }
      #expect(error?.description.hasPrefix("'\(path)' is not a sound policy file: ") == true)
      #expect(error?.description.contains("\n") == false)
    }
    for i in stride(from: 0, to: whole.count, by: 5) {
      var bytes = whole
      bytes[i] ^= 0x20
      // A changed letter in a free text may do no harm; nothing else may pass, and nothing may trap.
      _ = try? PolicyFile.read(bytes, from: path)
    }
    var last = whole
    last[whole.count - 1] ^= 1
    #expect(throws: TrainingError.self) { try PolicyFile.read(last, from: path) }
    _ = try folder.write("hello, I am not a policy at all", to: "foreign")
    #expect(message(policy: folder.path + "/foreign", in: catalog).contains("is not a sound policy file"))
    #expect(message(policy: folder.path + "/none", in: catalog).hasPrefix("no policy file or run directory"))
  }
}
