import Environments
import Foundation
import Learning
import Networks
import Reporting
import Robotics
import Robots
import Storage
import TestRuns
import Testing
import Training

struct DescribeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A controller written from what `describe --json --weights` says, and from nothing else.
  private struct Controller {
    private struct Layer {
      let weights: [[Float]]
      let biases: [Float]
    }

    private let mean: [Float]
    private let std: [Float]
    private let clip: Float
    private let layers: [Layer]
    private let activation: String
    private let limits: [(low: Float, high: Float)]
    private let distribution: String
    /// Weights and biases of a memory for the input and for itself, and what it holds.
    private let unit: (input: Layer, memory: Layer)?
    private var memory: [Float] = []
    let inputs: Int

    init(_ text: String) throws {
      let all = try JSONSerialization.jsonObject(with: Data(text.utf8))
      let json = try #require(all as? [String: Any])
      let normalizer = try #require(json["normalizer"] as? [String: Any])
      mean = try #require(normalizer["mean"] as? [Double]).map { Float($0) }
      std = try #require(normalizer["std"] as? [Double]).map { Float($0) }
      clip = Float(try #require(normalizer["clip"] as? Double))
      let network = try #require(json["network"] as? [String: Any])
      activation = try #require(network["activation"] as? String)
      layers = try #require(network["parameters"] as? [[String: Any]]).map { layer in
        Layer(
          weights: try #require(layer["weights"] as? [[Double]]).map { $0.map { Float($0) } },
          biases: try #require(layer["biases"] as? [Double]).map { Float($0) })
      }
      distribution = try #require(json["distribution"] as? String)
      if let memory = network["memory"] as? [String: Any] {
        func layer(_ name: String) throws -> Layer {
          Layer(
            weights: try #require(memory["weight_\(name)"] as? [[Double]]).map { $0.map { Float($0) } },
            biases: try #require(memory["bias_\(name)"] as? [Double]).map { Float($0) })
        }
        unit = (try layer("ih"), try layer("hh"))
        self.memory = Array(repeating: 0, count: try #require(memory["width"] as? Int))
      } else {
        unit = nil
      }
      limits = try #require(json["actions"] as? [[String: Any]]).map {
        (Float(try #require($0["low"] as? Double)), Float(try #require($0["high"] as? Double)))
      }
      inputs = try #require(json["observations"] as? [[String: Any]]).reduce(0) {
        $0 + (try #require($1["count"] as? Int))
      }
    }

    private mutating func remember(_ x: [Float]) -> [Float] {
      guard let unit else { return x }
      func apply(_ layer: Layer, _ x: [Float]) -> [Float] {
        zip(layer.weights, layer.biases).map { weights, bias in zip(weights, x).reduce(bias) { $0 + $1.0 * $1.1 } }
      }
      func sigmoid(_ a: Float) -> Float { 1 / (1 + exp(-a)) }
      let (ours, theirs, width) = (apply(unit.input, x), apply(unit.memory, memory), memory.count)
      for i in 0..<width {
        let r = sigmoid(ours[i] + theirs[i])
        let z = sigmoid(ours[width + i] + theirs[width + i])
        let n = tanh(ours[2 * width + i] + r * theirs[2 * width + i])
        memory[i] = (1 - z) * n + z * memory[i]
      }
      return memory
    }

    mutating func act(on x: [Float]) -> [Float] {
      var values = remember(x.indices.map { min(max((x[$0] - mean[$0]) / std[$0], -clip), clip) })
      for (number, layer) in layers.enumerated() {
        values = zip(layer.weights, layer.biases).map { weights, bias in
          let sum = zip(weights, values).reduce(bias) { $0 + $1.0 * $1.1 }
          guard number < layers.count - 1 else { return sum }
          switch activation {
          case "tanh": return tanh(sum)
          case "elu": return sum > 0 ? sum : exp(sum) - 1
          default: return max(sum, 0)
          }
        }
      }
      switch distribution {
      case "categorical":
        var start = 0
        return limits.map { limit in
          let own = values[start..<start + Int(limit.high) + 1]
          defer { start = own.endIndex }
          return Float((own.indices.max { own[$0] < own[$1] } ?? start) - start)
        }
      case "squashed_gaussian": values = values.prefix(limits.count).map { tanh($0) }
      default: break
      }
      return zip(values, limits).map { u, limit in
        min(max((limit.low + limit.high) / 2 + (limit.high - limit.low) / 2 * u, limit.low), limit.high)
      }
    }
  }

  private func policy(_ spec: EnvSpec, _ activation: Activation) throws -> NetworkPolicy {
    var random = Random(seed: 3)
    let network = try MLP(
      sizes: [spec.policyColumns.count, 32, 16, spec.actionCount], activation: activation, outputGain: 1, using: &random
    )
    var policy = try NetworkPolicy(spec: spec, network: network)
    var normalizer = Normalizer(columns: spec.policyColumns.count)
    let rows = (0..<50 * normalizer.columns).map { Float(random.normal() * Double($0 % 7 + 1) + 0.3) }
    normalizer.merge(rows: rows.span)
    policy.setNormalizer(normalizer)
    return policy
  }

  @Test(arguments: ["biped", "arm", "pendulum"], Activation.allCases)
  func aControllerWrittenFromItActsAlike(_ robot: String, _ activation: Activation) throws {
    let entry = try #require(Catalog.standard[robot])
    try expectAControllerToActLike(try policy(try entry.spec(), activation), of: entry)
  }

  /// Policies that remember, choose or squash, as learners make them.
  @Test(arguments: [
    ("pendulum-hidden", "ppo", ["ppo.memory": "gru"]), ("cartpole-discrete", "ppo", ["ppo.output_gain": "1"]),
    ("pendulum", "sac", ["sac.output_gain": "1", "sac.normalize_observations": "true"]),
  ])
  func otherPoliciesAreDescribedToo(robot: String, learner: String, changes: [String: String]) throws {
    let entry = try #require(Catalog.standard[robot])
    let kind = try #require(LearnerKind.named(learner))
    var settings = kind.settings
    for key in kind.keys { if let text = changes[key.name] { #expect(key.write(&settings, text)) } }
    var policy = try kind.makeLearner(spec: try entry.spec(), settings: settings, seed: 2).policy
    var normalizer = Normalizer(columns: policy.normalizer.columns)
    var random = Random(seed: 3)
    let rows = (0..<50 * normalizer.columns).map { _ in Float(random.normal()) }
    normalizer.merge(rows: rows.span)
    policy.setNormalizer(normalizer)
    try expectAControllerToActLike(policy, of: entry)
  }

  private func expectAControllerToActLike(_ policy: NetworkPolicy, of entry: Catalog.Entry) throws {
    let robot = entry.name
    let path = folder.path + "/policy.safetensors"
    try Checkpoint.policyFile(policy, robot: robot).write(to: path)
    let description = try ControllerDescription(
      PolicySource.trainedFile(robot: nil, policy: path, in: .standard).file, of: entry)
    var controller = try Controller(description.json(weights: true).document)
    let columns = policy.spec.policyColumns
    #expect(controller.inputs == columns.count)
    var random = Random(seed: 9)
    var memories = Array(repeating: Float(0), count: policy.memoryCount)
    for _ in 0..<20 {
      let row = (0..<policy.spec.observationCount).map { _ in Float(random.normal() * 3) }
      var action = Array(repeating: Float(0), count: policy.spec.actionCount)
      do {
        var memory = memories.mutableSpan
        var span = action.mutableSpan
        policy.act(on: row.span, memory: &memory, random: &random, into: &span)
      }
      for (mine, its) in zip(controller.act(on: Array(row[columns])), action) {
        let channel = policy.spec.actions[0]
        #expect(abs(mine - min(max(its, channel.low), channel.high)) < 1e-5)
      }
    }
  }

  /// What the robot declares is what stands in the file, with its units.
  @Test func theFileCarriesWhatDrivesTheRobot() throws {
    let entry = try #require(Catalog.standard["biped"])
    let spec = try entry.spec()
    let path = folder.path + "/policy.safetensors"
    try Checkpoint.policyFile(try policy(spec, .elu), robot: "biped").write(to: path)
    let loaded = try PolicyFile.read(path).policy.spec
    #expect(loaded == spec)
    let knee = try #require(loaded.actions.first { $0.name == "left knee" })
    let degree = Double.pi / 180
    #expect(knee.unit == "rad" && knee.rest == 36 * degree && knee.scale == 1.2)
    #expect(
      knee.actuator
        == .init(
          command: .position, stiffness: 200, damping: 6, limit: 100, neutral: 36 * degree,
          stops: 0 * degree...140 * degree))
    let arm = try #require(Catalog.standard["arm"]).spec().actions[0]
    #expect(arm.unit == "rad/s" && arm.rest == 0 && arm.actuator?.command == .velocity)
    #expect(arm.actuator?.damping == .infinity && arm.actuator?.limit == 80)
  }

  @Test func theCommand() throws {
    let text = try Command.run(["describe", "--robot", "biped"], in: folder)
    #expect(text.status == 0 && text.errors.isEmpty)
    for word in ["50 Hz", "left hip pitch", "rad/s", "network: 41 → 64 → 64 → 8", "stiffness"] {
      #expect(text.output.contains(word))
    }
    let json = try #require(
      try Command.run(["describe", "--robot", "arm", "--json"], in: folder).json() as? [String: Any])
    #expect(json["robot"] as? String == "arm" && json["control_hz"] as? Double == 50)
    #expect((json["network"] as? [String: Any])?["parameters"] == nil)
  }

  @Test(arguments: [
    (["describe"], "nothing to describe; name a policy, a robot or both"),
    (["describe", "--policy", "none"], "no policy file or run directory 'none'"),
    (
      ["describe", "--robot", "pendulum", "--policy", "zero"],
      "'zero' is written by hand; only trained policies can be described"
    ),
    (
      ["describe", "--robot", "arm", "--weights"],
      "--weights puts weights into the JSON document; give --json as well"
    ),
  ])
  func mistakesGetOneLine(_ arguments: [String], _ message: String) throws {
    let outcome = try Command.run(arguments, in: folder)
    #expect(outcome.status > 0 && outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").first.map(String.init) == "Error: \(message)")
  }

  /// A robot that is not in the catalog can be described: the file holds everything.
  @Test func aStrangersPolicy() throws {
    let path = folder.path + "/policy.safetensors"
    let spec = try #require(Catalog.standard["arm"]).spec()
    try Checkpoint.policyFile(try policy(spec, .relu), robot: "stranger").write(to: path)
    let outcome = try Command.run(["describe", "--policy", path, "--json"], in: folder)
    let json = try #require(try outcome.json() as? [String: Any])
    #expect(json["robot"] as? String == "stranger" && json["units_from"] as? String == "file")
  }
}
