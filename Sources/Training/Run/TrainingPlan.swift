import Learning
import Networks
import Robotics
import Storage

/// What a user asks a training to be.
public struct TrainingRequest {
  public var robot: String?
  /// The run directory, if it is named.
  public var folder: String?
  /// Whether a run that has begun is to go on.
  public var isResumed = false
  /// Whether a run may begin where there is none to go on with.
  public var mayStart = false
  /// The run whose settings and first policy the training is to have, seed aside, where the request says no more.
  package var sibling: RunDirectory?
  /// A settings file.
  public var file: String?
  /// `KEY=VALUE` texts.
  public var assignments: [String] = []
  /// Settings that were given by options of their own.
  package var options: [TrainingSettings.Assignment] = []
  /// What names the policy to start from.
  public var initial: String?

  public init() {}
}

/// What a training will be, and where.
public struct TrainingPlan {
  package let entry: Catalog.Entry
  public let settings: TrainingSettings
  /// What ends the training early.
  let goal: Goal?
  /// The initial policy, as it is kept in the run directory; nil if the training starts from a fresh one.
  let initial: LearnerStart?
  let place: Place
  /// Whether the policy of a complete run is to be evaluated again, in another way.
  let evaluatesAgain: Bool

  enum Place {
    /// A new run: in the folder named, or in one of its own.
    case new(String?)
    /// A run that goes on, if it has begun; otherwise it begins there.
    case resumed(RunDirectory)
  }

  /// What the learner starts from, if not from a fresh policy.
  var start: LearnerStart? {
    guard var start = initial else { return nil }
    if let std = settings.startingStd { start.setStd(std) }
    return start
  }

  /// Makes out what is meant; nothing is written.
  ///
  /// - Parameter notify: receives what the user should know of the policy that the training starts from.
  public init(_ request: TrainingRequest, in catalog: Catalog, notify: (Notice) -> Void = { _ in }) throws {
    if request.isResumed {
      if let folder = try RunSearch.run(at: request.folder, robot: request.robot) {
        try self.init(resuming: folder, request, in: catalog, notify)
      } else {
        guard request.mayStart else {
          throw TrainingError(RunSearch.nothing(at: request.folder, robot: request.robot))
        }
        let folder = try request.folder.map { RunDirectory(path: try RunDirectory.trimmed($0)) }
        try self.init(beginning: folder.map { .resumed($0) } ?? .new(nil), request, in: catalog, notify)
      }
    } else {
      try self.init(beginning: .new(request.folder), request, in: catalog, notify)
    }
  }

  private init(beginning place: Place, _ request: TrainingRequest, in catalog: Catalog, _ notify: (Notice) -> Void)
    throws
  {
    let model = try request.sibling.map { try SettingsFile.read($0.config) }
    guard let robot = request.robot ?? model?.robot else {
      throw TrainingError("no robot is named; the robots are \(catalog.names.joined(separator: ", "))")
    }
    entry = try catalog.entry(named: robot)
    let entry = entry
    let first = request.initial ?? request.sibling.map(\.initial).flatMap { Files.kind(at: $0) == .other ? $0 : nil }
    let found = try first.map { try PolicySource.initial($0, for: entry, in: catalog, notify: notify) }
    initial = found?.start
    settings = try TrainingSettings.resolved(
      for: entry, from: found, base: model?.assignments ?? [], file: request.file, assignments: request.assignments,
      options: request.options)
    goal = settings.untilSolved ? try entry.declaredGoal() : nil
    self.place = place
    evaluatesAgain = false
  }

  private init(
    resuming folder: RunDirectory, _ request: TrainingRequest, in catalog: Catalog, _ notify: (Notice) -> Void
  ) throws {
    let contents = try SettingsFile.read(folder.config)
    let source = "'\(folder.config)'"
    guard let name = contents.robot ?? request.robot else { throw TrainingError("\(source) does not name its robot") }
    if let robot = request.robot, robot != name {
      throw TrainingError("the robot is \(quoted(robot)), but the run in '\(folder.path)' trains \(quoted(name))")
    }
    entry = try catalog.entry(named: name)
    let before = try TrainingSettings.recorded(in: contents, source: source)
    settings = try before.resumed(
      for: entry, in: folder.path, file: request.file, assignments: request.assignments, options: request.options)
    goal = settings.untilSolved ? try entry.declaredGoal() : nil
    let recorded = Files.kind(at: folder.initial) == .other ? folder.initial : nil
    let (entry, spec) = (entry, try entry.spec())
    initial = try recorded.map { try PolicyFile.read($0).initial(for: spec, named: $0).start }
    if let asked = request.initial {
      let policy = try PolicySource.initial(asked, for: entry, in: catalog, notify: notify).start
      guard let initial, initial.isSame(as: policy) else {
        throw TrainingError(
          "the initial policy is \(quoted(asked)), but the run in '\(folder.path)' did not start with it; leave it out")
      }
    }
    place = .resumed(folder)
    evaluatesAgain =
      settings.evaluation.finalEpisodes != before.evaluation.finalEpisodes || settings.untilSolved != before.untilSolved
  }
}

extension LearnerStart {
  /// Whether a training starts the same from it, to the bit.
  fileprivate func isSame(as other: LearnerStart) -> Bool {
    var (mine, theirs) = (TensorFile(), TensorFile())
    save(to: &mine)
    other.save(to: &theirs)
    return mine.encoded() == theirs.encoded()
  }
}
