import Environments
import Robotics
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What can be wrong with an env.
enum Illness: Sendable, CaseIterable {
  case constant, aliased, unbounded, tinyColumn
  case infiniteTerm, wrongSum, tinyTerm, unpaidTerm, largeReward, tinyReward, noReward
  case faults, endsInFirstStep, endsEarly, wrongClock, infiniteMetric, sameStarts, notClamped
  case chance, threads, neighbors, leftovers, notSaved, savesTooMuch
}

/// A mass on a line that every action pushes and a spring pulls back, with at most one illness.
struct IllEnv: Env {
  /// What envs with an illness share that they should not.
  final class Shared: Sendable {
    let value = Atomic(0)
  }

  let spec: EnvSpec
  private let illness: Illness?
  private let shared: Shared
  /// The thread that made it.
  private let home = pthread_self()
  private var position: Float = 0
  private var speed: Float = 0
  private var push: Float = 0
  private var steps = 0
  private var leftover: Float = 0

  init(_ illness: Illness? = nil, shared: Shared = Shared()) throws {
    self.illness = illness
    self.shared = shared
    spec = try EnvSpec(
      observations: [ObservationSlice("motion", count: 2), ObservationSlice("extra", count: 1)],
      actions: [ActionChannel("push", low: -2, high: 2)], controlInterval: 0.02, episodeSteps: 60,
      rewardTerms: ["middle", "effort"], endings: ["lost"], metrics: ["end_m"])
  }

  mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: illness == .sameStarts ? 1 : seed)
    position = Float(random.uniform(-1...1))
    (speed, push, steps) = (0, 0, 0)
    if illness == .neighbors { shared.value.store(0, ordering: .relaxed) }
    show(&observation)
  }

  mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    push = illness == .notClamped ? action[0] : min(max(action[0], -2), 2)
    // A push too wild to be added up is not what this is about.
    if !push.isFinite || abs(push) > 1e6 { push = 7 }
    if illness == .neighbors { push += 0.01 * Float(shared.value.exchange(Int(push * 10), ordering: .relaxed)) }
    if illness == .chance { push += Float(shared.value.add(1, ordering: .relaxed).newValue % 1_000) * 0.001 }
    if illness == .threads {
      // Long enough that another thread has time to take its share.
      usleep(200)
      if pthread_equal(home, pthread_self()) == 0 { push += 0.01 }
    }
    leftover += 0.01 * push
    speed += 0.02 * (push - 4 * position - speed)
    position += 0.02 * speed
    steps += 1
    show(&observation)
    if illness == .faults, steps == 30 { observation[0] = .nan }
    return Transition(reward: reward, ending: ending)
  }

  private func show(_ row: inout MutableSpan<Float>) {
    row[0] = position
    row[1] = speed
    row[2] =
      switch illness {
      case .constant: 3
      case .aliased: speed
      case .unbounded: 1_000 * push
      case .tinyColumn: 1e-5 * push
      case .leftovers: leftover
      default: push
      }
  }

  private var terms: (middle: Float, effort: Float) {
    let middle = 1 - abs(position)
    let effort = -0.1 * push * push
    return switch illness {
    case .infiniteTerm: (steps == 9 ? .nan : middle, effort)
    case .tinyTerm: (middle, 1e-5 * effort)
    case .unpaidTerm: (middle, 0)
    case .largeReward: (1_000 * middle, 1_000 * effort)
    case .tinyReward: (1e-5 * middle, 1e-5 * effort)
    case .noReward: (0, 0)
    default: (middle, effort)
    }
  }

  private var reward: Float {
    let sum = terms.middle + terms.effort
    return sum.isNaN ? 0 : illness == .wrongSum ? sum + 0.1 : sum
  }

  private var ending: Ending {
    switch illness {
    case .endsInFirstStep: .terminated(reason: 0)
    case .endsEarly where steps == 3: .terminated(reason: 0)
    case .wrongClock where steps == 20: .truncated
    default: steps >= spec.episodeSteps ? .truncated : .running
    }
  }

  func readRewardTerms(into values: inout MutableSpan<Float>) { (values[0], values[1]) = terms }

  func readMetrics(into metrics: inout MutableSpan<Double>) {
    metrics[0] = illness == .infiniteMetric ? .infinity : Double(position)
  }

  func save(to writer: inout StateWriter) {
    writer.write(position)
    if illness != .notSaved { writer.write(speed) }
    writer.write(push)
    writer.write(steps)
    writer.write(leftover)
    if illness == .savesTooMuch { writer.write(1) }
  }

  mutating func restore(from reader: inout StateReader) throws {
    position = try reader.readFloat()
    if illness != .notSaved { speed = try reader.readFloat() }
    push = try reader.readFloat()
    steps = try reader.readInt()
    leftover = try reader.readFloat()
  }
}

extension Catalog.Entry {
  static func ill(_ illness: Illness? = nil) -> Catalog.Entry {
    let shared = IllEnv.Shared()
    return Catalog.Entry("ill", summary: "is pulled to the middle", env: { try IllEnv(illness, shared: shared) })
  }
}
