import Environments
import Learning
import Networks
import Storage

/// Raises the difficulty of a training's episodes with success and lowers it with failure.
///
/// It is updated whenever as many episodes have ended as there are envs, so that each has had about one.
package struct Curriculum: Sendable {
  package let settings: CurriculumSettings
  /// Episodes between two looks.
  package let episodesPerLook: Int
  /// Of the episodes that start from now on, in 0…1.
  package private(set) var difficulty: Double
  private var episodes = 0
  private var successes = 0

  package init(_ settings: CurriculumSettings, envs: Int) {
    self.settings = settings
    episodesPerLook = envs
    difficulty = settings.start
  }

  /// Whether the difficulty can change at all.
  package var isInUse: Bool { settings.start < 1 }

  /// Takes in episodes that have ended, true for each success.
  package mutating func take(_ outcomes: [Bool]) {
    episodes += outcomes.count
    successes += outcomes.count { $0 }
    guard isInUse, episodes >= episodesPerLook else { return }
    let share = Double(successes) / Double(episodes)
    if share >= settings.raiseAt {
      difficulty = min(1, difficulty + settings.step)
    } else if share < settings.lowerAt {
      difficulty = max(settings.start, difficulty - settings.step)
    }
    (episodes, successes) = (0, 0)
  }

  // MARK: Saving

  package func save(to file: inout TensorFile) {
    file.set("curriculum", .float64([difficulty, Double(episodes), Double(successes)]))
  }

  package mutating func restore(from file: TensorFile) throws {
    let values = try file.doubles("curriculum", shape: [3])
    guard (0...1).contains(values[0]), values[1...].allSatisfy((0...0x1p53).contains),
      let episodes = Int(exactly: values[1]), let successes = Int(exactly: values[2]), episodes >= successes
    else { throw LearningError("its curriculum is damaged") }
    (difficulty, self.episodes, self.successes) = (values[0], episodes, successes)
  }
}
