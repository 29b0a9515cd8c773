import Environments
import Physics
import Synchronization

/// The physics engine's part of one env and nothing else, to measure what all else costs: the same world goes through the
/// same episodes with the same forces, motors and contacts, but nobody computes, looks at, rewards or chooses any of it.
public protocol PhysicsReplay: Sendable {
  /// Takes the control steps that the env took, each episode's end being followed by the next start, and notes what the
  /// engine was told.
  func follow(_ tape: EnvTape)

  /// Goes back to where the last `follow` began and tells the engine all of it again, in one loop of its own calls.
  ///
  /// - Throws: what the engine says, if it gave up.
  func replay() throws

  /// Writes the state of the physics, for comparison with the env's.
  func save(to writer: inout StateWriter)
}

/// What one env was told to do during a rollout.
public struct EnvTape: Sendable {
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

/// A robot's simulation that follows a `RobotEnv`. It begins episodes as the task does; a task whose starts depend on
/// how earlier episodes went cannot be followed.
final class RobotReplay<Task: RobotTask>: PhysicsReplay {
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

  func follow(_ tape: EnvTape) { state.withLock { $0.follow(tape) } }
  func replay() throws { try state.withLock { try $0.sim.replay() } }
  func save(to writer: inout StateWriter) { state.withLock { $0.save(to: &writer) } }
}

extension RobotReplay.State {
  mutating func begin() {
    var random = Random(seed: stream.next())
    // A start that fails here failed in the env as well, which then ended the episode.
    try? task.begin(&sim, using: &random)
  }

  mutating func follow(_ tape: EnvTape) {
    record()
    guard !tape.isOver.isEmpty else { return }
    let actions = tape.actions.span
    let width = actions.count / tape.isOver.count
    for step in tape.isOver.indices {
      task.disturb(&sim)
      do {
        try sim.step(actions.extracting(step * width..<(step + 1) * width))
      } catch { rebuild() }
      if tape.isOver[step] { begin() }
    }
  }

  /// After a breakdown the env is rebuilt for its next episode, too.
  private mutating func rebuild() {
    if let fresh = try? Simulation(model, measuresContactForces: task.measuresContactForces) { sim = fresh }
    record()
  }

  /// A world that cannot note is one that will not replay, which then says so.
  private mutating func record() { try? sim.record() }

  func save(to writer: inout StateWriter) {
    var values: [Double] = []
    sim.snapshot(into: &values)
    writer.write(values)
  }
}
