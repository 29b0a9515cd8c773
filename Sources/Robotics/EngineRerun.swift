import Environments
import Physics
import Synchronization

/// The physics engine's part of one env, to measure what the rest of an env step costs: the same world goes through the same
/// episodes with the same forces, motors and contacts, without observations, rewards or a policy.
public protocol EngineRerun: Sendable {
  /// Takes the control steps that the env took, starting the next episode after each end, and logs the commands to the
  /// engine.
  func follow(_ actions: RolloutActions)

  /// Goes back to the start of the last `follow` and repeats its commands to the engine in one loop.
  ///
  /// - Throws: the engine's error, if it failed.
  func rerun() throws

  /// Writes the state of the physics, for comparison with the env's.
  func save(to writer: inout StateWriter)
}

/// The actions of one env in a rollout, and where its episodes ended.
public struct RolloutActions: Sendable {
  /// Steps × components.
  public let actions: [Float]
  /// For each step, whether an episode ended with it.
  public let isOver: [Bool]

  /// - Parameter index: of the env within the shard.
  public init(of rollout: ShardRollout, env index: Int) {
    var actions: [Float] = []
    actions.reserveCapacity(rollout.steps * rollout.actionCount)
    for step in 0..<rollout.steps {
      let row = step * rollout.envCount + index
      actions += rollout.actions[row * rollout.actionCount..<(row + 1) * rollout.actionCount]
    }
    self.actions = actions
    isOver = (0..<rollout.steps).map { rollout.endings[$0 * rollout.envCount + index].isOver }
  }
}

/// A robot's simulation that follows a `RobotEnv`. It starts episodes as the task does; a task whose starts depend on
/// how earlier episodes went cannot be followed.
final class RobotEngineRerun<Task: RobotTask>: EngineRerun {
  fileprivate struct State: ~Copyable {
    let model: RobotModel
    var sim: Simulation
    var task: Task
    /// The env's own stream, from which it draws its starts.
    var stream: Random
  }

  private let state: Mutex<State>

  /// - Parameters:
  ///   - seed: of the `VectorEnv` to be followed.
  ///   - index: of the env within it.
  init(_ model: RobotModel, _ task: Task, seed: UInt64, env index: Int) throws {
    var task = task
    try task.prepare(for: model)
    var state = State(
      model: model, sim: try Simulation(model, measuresContactForces: task.measuresContactForces), task: task,
      stream: Random(seed: seed, stream: UInt64(index)))
    state.begin()
    self.state = Mutex(state)
  }

  func follow(_ actions: RolloutActions) { state.withLock { $0.follow(actions) } }
  func rerun() throws { try state.withLock { try $0.sim.rerunCommandLog() } }
  func save(to writer: inout StateWriter) { state.withLock { $0.save(to: &writer) } }
}

extension RobotEngineRerun.State {
  mutating func begin() {
    var random = Random(seed: stream.next())
    // A start that fails here failed in the env as well, which then ended the episode.
    try? task.begin(&sim, using: &random)
  }

  mutating func follow(_ rollout: RolloutActions) {
    startCommandLog()
    guard !rollout.isOver.isEmpty else { return }
    let actions = rollout.actions.span
    let width = actions.count / rollout.isOver.count
    for step in rollout.isOver.indices {
      task.disturb(&sim)
      do {
        try sim.step(actions.extracting(step * width..<(step + 1) * width))
      } catch { rebuild() }
      if rollout.isOver[step] { begin() }
    }
  }

  /// As the env is rebuilt after its simulation has failed.
  private mutating func rebuild() {
    if let fresh = try? Simulation(model, measuresContactForces: task.measuresContactForces) { sim = fresh }
    startCommandLog()
  }

  /// If this fails, `rerun` reports it.
  private mutating func startCommandLog() { try? sim.startCommandLog() }

  func save(to writer: inout StateWriter) {
    var values: [Double] = []
    sim.snapshot(into: &values)
    writer.write(values)
  }
}
