import Learning
import Training

/// Options whose text is checked like settings, so that all complaints read alike.
enum OptionText {
  private static let mostSeeds = 1_000

  static func whole(_ text: String, for option: String, in range: ClosedRange<Int>) throws -> Int {
    guard let value = SettingKind.whole(text), range.contains(value) else {
      throw CommandError("\(option) is \(quoted(text)); it must be \(SettingKind.whole(range).expectation)")
    }
    return value
  }

  static func number(_ text: String, for option: String, in range: NumberRange) throws -> Double {
    guard let value = SettingKind.number(text), range.contains(value) else {
      throw CommandError("\(option) is \(quoted(text)); it must be \(SettingKind.number(range).expectation)")
    }
    return value
  }

  /// `--threads`, or all processors.
  static func threads(_ text: String?) throws -> Int {
    try text.map { try whole($0, for: "--threads", in: 1...1_024) } ?? Host.processors
  }

  /// `--episodes` of what evaluates policies, or `usual` where it is not given.
  static func episodes(_ text: String?, usually usual: Int = 100) throws -> Int {
    try text.map { try whole($0, for: "--episodes", in: 1...1_000_000) } ?? usual
  }

  /// `--seed` of what evaluates policies.
  static func evaluationSeed(_ text: String?) throws -> UInt64 {
    guard let text else { return Evaluator.defaultSeed }
    guard let value = SettingKind.seed(text) else {
      throw CommandError("--seed is \(quoted(text)); it must be \(SettingKind.seed.expectation)")
    }
    return value
  }

  /// Reads seeds as people write them: `1-5`, `1,2,7`, `1-3,8`.
  static func seeds(_ text: String) throws -> [UInt64] {
    func complaint(_ reason: String) -> CommandError {
      CommandError("--seeds is \(quoted(text)); \(reason), as in --seeds 1-5 or --seeds 1,2,7")
    }
    var seeds: [UInt64] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { SettingKind.seed(String($0)) }
      guard (1...2).contains(bounds.count), let first = bounds[0], let last = bounds[bounds.count - 1], first <= last
      else { throw complaint("it must be whole numbers or ranges of them") }
      guard last - first < mostSeeds, seeds.count < mostSeeds else {
        throw complaint("at most \(mostSeeds) seeds can be trained at once")
      }
      seeds += Array(first...last)
    }
    guard Set(seeds).count == seeds.count else { throw complaint("no seed may be given twice") }
    return seeds
  }
}
