import Environments
import Networks
import Storage
import Testing

/// What a policy file says of the env that the policy is for.

struct SpecCodingTests {
  private func spec(_ actuator: ActionChannel.Actuator?) throws -> EnvSpec {
    try EnvSpec(
      observations: [ObservationSlice("speed", count: 2, unit: "m/s", scale: 0.1, columns: ["x", "y"])],
      actions: [ActionChannel("knee", low: -1, high: 1, unit: "rad", scale: 1 / 3, rest: -0.1, actuator: actuator)],
      controlInterval: 0.02, episodeSteps: 100, rewardTerms: ["a"], endings: ["fell"], metrics: ["m"])
  }

  @Test(arguments: [
    nil,
    ActionChannel.Actuator(
      command: .position, stiffness: 1 / 7, damping: 0.1, limit: 80, neutral: 0.2, stops: -1...0.5, isSliding: true),
    ActionChannel.Actuator(command: .velocity, damping: .infinity, stops: -.infinity...1),
    ActionChannel.Actuator(command: .effort),
  ])
  func comesBackToTheBit(_ actuator: ActionChannel.Actuator?) throws {
    let spec = try spec(actuator)
    #expect(try NetworkPolicy(from: try file(spec)).spec == spec)
  }

  /// As files were before observations and actions had units.
  private let old = """
    {"observations":[{"name":"o","count":1,"audience":"both"}],"actions":[{"name":"a","low":-1,"high":1}],\
    "control_interval":0.02,"episode_steps":10,"reward_terms":[],"endings":[],"metrics":[]}
    """

  private func file(_ spec: EnvSpec) throws -> TensorFile {
    let network = try MLP(sizes: [spec.policyColumns.count, spec.actionCount], activation: .tanh)
    var file = TensorFile()
    try NetworkPolicy(spec: spec, network: network).save(to: &file)
    return file
  }

  /// The spec of a file whose description is `text`.
  private func read(_ text: String) throws -> EnvSpec {
    let plain = try EnvSpec(
      observations: [ObservationSlice("o", count: 1)], actions: [ActionChannel("a")], controlInterval: 0.02,
      episodeSteps: 10)
    var file = try file(plain)
    file.metadata["spec"] = text
    return try NetworkPolicy(from: file).spec
  }

  @Test func oldFilesHaveNoUnits() throws {
    let spec = try read(old)
    #expect(spec.observations == [ObservationSlice("o", count: 1)] && spec.actions == [ActionChannel("a")])
  }

  @Test(arguments: [
    (#""high":1"#, #""high":1,"unit":3"#), (#""high":1"#, #""high":1,"scale":"x""#),
    (#""high":1"#, #""high":1,"scale":0"#),
    (#""high":1"#, #""high":1,"scale":1e999"#), (#""high":1"#, #""high":1,"rest":[]"#), (#""high":1"#, #""high":-1"#),
    (#""high":1"#, #""high":1,"actuator":3"#), (#""high":1"#, #""high":1,"actuator":{}"#),
    (#""high":1"#, #""high":1,"actuator":{"command":"magic","slides":false,"neutral":0,"stiffness":0}"#),
    (#""high":1"#, #""high":1,"actuator":{"command":"effort","slides":0,"neutral":0,"stiffness":0}"#),
    (#""high":1"#, #""high":1,"actuator":{"command":"effort","slides":false,"neutral":0,"stiffness":-1}"#),
    (#""high":1"#, #""high":1,"actuator":{"command":"effort","slides":false,"neutral":1e999,"stiffness":0}"#),
    (#""high":1"#, #""high":1,"actuator":{"command":"effort","slides":false,"neutral":0,"stiffness":0,"limit":0}"#),
    (
      #""high":1"#,
      #""high":1,"actuator":{"command":"effort","slides":false,"neutral":0,"stiffness":0,"lower_stop":1,"upper_stop":0}"#
    ),
    (#""count":1,"#, #""count":1048577,"#), (#""count":1,"#, #""count":9223372036854775807,"#),
    (#""count":1,"#, #""count":0,"#), (#""count":1,"#, #""count":1,"audience":"policy"},{"name":"p","count":1048576,"#),
    (#""episode_steps":10"#, #""episode_steps":9223372036854775807"#), (#""episode_steps":10"#, #""episode_steps":0"#),
    (#""audience":"both""#, #""audience":"both","unit":1"#), (#""audience":"both""#, #""audience":"both","scale":0"#),
    (#""audience":"both""#, #""audience":"both","columns":["x","y"]"#),
    (#""audience":"both""#, #""audience":"both","columns":[1]"#),
    (#""audience":"both""#, #""audience":"both","columns":1"#),
  ])
  func damageIsSaidInOneLine(_ sound: String, _ damaged: String) throws {
    let text = old.replacing(sound, with: damaged)
    #expect(text != old)
    let error = #expect(throws: (any Error).self) { try read(text) }
    #expect(error.map { "\($0)".contains("\n") } == false)
  }
}
