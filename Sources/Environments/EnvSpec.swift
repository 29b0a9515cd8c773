/// Who sees a slice of the observation.
public enum Audience: Sendable, Equatable, Comparable {
  /// Only the policy.
  case policy
  /// The policy and the critic.
  case both
  /// Only the critic (the value network), as privileged information during training.
  case critic
}

/// A named run of consecutive columns in an observation row.
public struct ObservationSlice: Sendable, Equatable {
  public var name: String
  /// How many columns it has.
  public var count: Int
  public var audience: Audience
  /// What is measured, such as "rad/s"; empty for a number without a unit.
  public var unit: String
  /// What the measured value is multiplied by to give the column.
  public var scale: Double
  /// The name of each column, such as that of a joint; empty where the slice's name suffices.
  public var columns: [String]

  public init(
    _ name: String, count: Int, unit: String = "", scale: Double = 1, columns: [String] = [],
    for audience: Audience = .both
  ) {
    self.name = name
    self.count = count
    self.unit = unit
    self.scale = scale
    self.columns = columns
    self.audience = audience
  }
}

/// What an env looks like from outside: the shapes and names of everything that crosses its border.
public struct EnvSpec: Sendable, Equatable {
  /// Slices in the order of the row's columns, sorted by audience: policy only, both, critic only.
  public let observations: [ObservationSlice]
  public let actionSpace: ActionSpace
  /// The components of an action with their limits; those of a choice are its first and last index.
  public let actions: [ActionChannel]
  /// Seconds of simulated time a control step takes.
  public let controlInterval: Double
  /// Control steps after which an episode is truncated.
  public let episodeSteps: Int
  /// Names of the parts that the reward is the sum of.
  public let rewardTerms: [String]
  /// Names of the reasons for which an episode can be terminated; `fault` and `timeLimit` are not among them.
  public let endings: [String]
  /// Names of the figures that describe a finished episode.
  public let metrics: [String]

  /// Columns of an observation row.
  public let observationCount: Int
  /// Columns that the policy reads.
  public let policyColumns: Range<Int>
  /// Columns that the critic reads.
  public let criticColumns: Range<Int>

  /// Columns of an action row.
  public var actionCount: Int { actions.count }

  /// What the ending of a faulted episode is called.
  public static let fault = "fault"
  /// What the ending of a truncated episode is called.
  public static let timeLimit = "truncated"

  /// All names that an episode's ending can have.
  public var endingNames: [String] { endings + [Self.fault, Self.timeLimit] }

  /// What an ending is called; nil while the episode goes on, and for a reason without a name.
  public func name(of ending: Ending) -> String? {
    switch ending {
    case .running: nil
    case .terminated(let reason): endings.indices.contains(reason) ? endings[reason] : nil
    case .truncated: Self.timeLimit
    case .faulted: Self.fault
    }
  }

  /// Far beyond any robot's, and far from where sums and products of widths overflow.
  private static let widestSlice = 1 << 20
  /// Far beyond any training.
  private static let longestEpisode = 1_000_000_000

  /// What is to be said of an ending for a reason that has no name.
  ///
  /// - Parameters:
  ///   - function: what returned it.
  ///   - owner: whose `endings` name the reasons.
  package func sentence(ofUnnamed reason: Int, from function: String, declaredIn owner: String) -> String {
    let returned = "\(function) returned .terminated(reason: \(reason)), but \(owner) declares "
    guard !endings.isEmpty else { return returned + "no endings; pass endings: [\"landed\"], or the name that suits" }
    let names = endings.map { "\"\($0)\"" }.joined(separator: ", ")
    return returned + "\(endings.count == 1 ? "one ending" : "\(endings.count) endings"), [\(names)]; "
      + (endings.count == 1 ? "only 0 is possible" : "0 to \(endings.count - 1) are possible")
  }

  /// - Throws: `EnvError` if a count, a limit or an interval is out of range, a name is given twice, is empty or holds a
  ///   control character, or the slices are
  ///   not sorted by audience (so that policy and critic each read one contiguous run of columns).
  public init(
    observations: [ObservationSlice], actions: [ActionChannel], controlInterval: Double, episodeSteps: Int,
    rewardTerms: [String] = [], endings: [String] = [], metrics: [String] = []
  ) throws(EnvError) {
    try self.init(
      observations: observations, actionSpace: .continuous(actions), controlInterval: controlInterval,
      episodeSteps: episodeSteps, rewardTerms: rewardTerms, endings: endings, metrics: metrics)
  }

  /// The same for any kind of action.
  ///
  /// - Throws: `EnvError` as above, and if a choice has fewer than two alternatives.
  public init(
    observations: [ObservationSlice], actionSpace: ActionSpace, controlInterval: Double, episodeSteps: Int,
    rewardTerms: [String] = [], endings: [String] = [], metrics: [String] = []
  ) throws(EnvError) {
    let actions = actionSpace.channels
    try Self.validate(observations.map(\.name), of: "observation")
    try Self.validate(actions.map(\.name), of: "action")
    try Self.validate(rewardTerms, of: "reward term")
    try Self.validate(endings, of: "ending")
    try Self.validate(metrics, of: "metric")
    for (name, unit) in observations.map({ ($0.name, $0.unit) }) + actions.map({ ($0.name, $0.unit) })
    where !unit.isEmpty {
      if let flaw = flaw(inName: unit) { throw EnvError("the unit '\(printable(unit))' of '\(name)' \(flaw)") }
    }
    for slice in observations {
      for column in slice.columns {
        if let flaw = flaw(inName: column) {
          throw EnvError("the column '\(printable(column))' of observation '\(slice.name)' \(flaw)")
        }
      }
    }
    for name in endings where name == Self.fault || name == Self.timeLimit {
      throw EnvError("an ending cannot be named '\(name)': every env has one of that name")
    }
    for slice in observations where !(1...Self.widestSlice).contains(slice.count) {
      throw EnvError("observation '\(slice.name)' has \(slice.count) columns; 1 to \(Self.widestSlice) are possible")
    }
    for slice in observations {
      guard slice.scale.isFinite, slice.scale != 0 else {
        throw EnvError("observation '\(slice.name)' has the scale \(slice.scale); it must be finite and not 0")
      }
      guard slice.columns.isEmpty || slice.columns.count == slice.count else {
        throw EnvError(
          "observation '\(slice.name)' has \(slice.count) columns and names for \(slice.columns.count) of them")
      }
    }
    guard zip(observations, observations.dropFirst()).allSatisfy({ $0.audience <= $1.audience }) else {
      throw EnvError("observation slices must be sorted by audience: policy, both, critic")
    }
    try actionSpace.validate()
    guard controlInterval > 0, controlInterval.isFinite else {
      throw EnvError("the control interval is \(controlInterval) s; it must be positive")
    }
    guard (1...Self.longestEpisode).contains(episodeSteps) else {
      throw EnvError("an episode has \(episodeSteps) steps; 1 to \(Self.longestEpisode) are possible")
    }
    let width = { (audience: Audience) in
      observations.reduce(0) { $0 + ($1.audience == audience ? $1.count : 0) }
    }
    let (policy, both, critic) = (width(.policy), width(.both), width(.critic))
    guard policy + both > 0, both + critic > 0, !actions.isEmpty else {
      throw EnvError("policy and critic each need an observation, and there must be an action")
    }
    self.observations = observations
    self.actionSpace = actionSpace
    self.actions = actions
    self.controlInterval = controlInterval
    self.episodeSteps = episodeSteps
    self.rewardTerms = rewardTerms
    self.endings = endings
    self.metrics = metrics
    observationCount = policy + both + critic
    policyColumns = 0..<(policy + both)
    criticColumns = policy..<(policy + both + critic)
  }
}

extension EnvSpec {
  /// Throws unless each name can be shown and is given once.
  static func validate(_ names: [String], of kind: String) throws(EnvError) {
    var seen: Set<String> = []
    for name in names {
      if let flaw = flaw(inName: name) {
        throw EnvError(
          "the name '\(printable(name))' of \("aeio".contains(kind.prefix(1)) ? "an" : "a") \(kind) \(flaw)")
      }
      guard seen.insert(name).inserted else { throw EnvError("there are two \(kind)s named '\(name)'") }
    }
  }
}

/// Why an env cannot be made as asked, in one line.
public struct EnvError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
