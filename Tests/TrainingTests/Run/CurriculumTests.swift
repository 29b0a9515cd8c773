import Environments
import Learning
import Networks
import Robotics
import Storage
import TestRuns
import Testing
import Training

@Suite struct CurriculumTests {
  private func curriculum(start: Double = 0.2) -> Curriculum {
    var settings = TrainingSettings().curriculum
    (settings.start, settings.step, settings.raiseAt, settings.lowerAt) = (start, 0.25, 0.75, 0.5)
    return Curriculum(settings, envs: 4)
  }

  private let good = [true, true, true, false]
  private let fair = [true, true, false, false]
  private let bad = [true, false, false, false]

  @Test func difficultyFollowsSuccess() {
    var curriculum = curriculum()
    var seen: [Double] = []
    for outcomes in [good, fair, bad, bad, good, good, good, good] {
      curriculum.take(outcomes)
      seen.append(curriculum.difficulty)
    }
    #expect(seen == [0.45, 0.45, 0.2, 0.2, 0.45, 0.7, 0.95, 1])
  }

  /// A look takes in as many episodes as there are envs, over however many iterations they come.
  @Test func fewEpisodesDecideNothing() {
    var curriculum = curriculum()
    for outcomes in [[true], [true], [], [true]] { curriculum.take(outcomes) }
    #expect(curriculum.difficulty == 0.2)
    curriculum.take([true])
    #expect(curriculum.difficulty == 0.45)
    for _ in 0..<3 { curriculum.take([true]) }
    #expect(curriculum.difficulty == 0.45)
  }

  @Test func atFullDifficultyThereIsNone() {
    var curriculum = curriculum(start: 1)
    curriculum.take([false, false, false, false, false])
    #expect(curriculum.difficulty == 1 && !curriculum.isInUse)
  }

  @Test func goesOnWhereItWasSaved() throws {
    var curriculum = curriculum()
    curriculum.take(good + [true, true])
    var file = TensorFile()
    curriculum.save(to: &file)
    var other = self.curriculum()
    try other.restore(from: try TensorFile(decoding: file.encoded()))
    for outcomes in [[true], [false], good] {
      curriculum.take(outcomes)
      other.take(outcomes)
      #expect(other.difficulty == curriculum.difficulty)
    }
    for damage in [
      [2, 0, 0], [0.5, 1, 2], [0.5, 1.5, 1], [.nan, 0, 0], [0.5, -1, -1], [0.5, 0x1p63 - 1024, 0],
      [0.5, 0x1p62, 0x1p62],
    ] as [[Double]] {
      file.set("curriculum", .float64(damage))
      #expect(throws: LearningError.self) { try other.restore(from: file) }
    }
  }

  /// Domain randomization and the difficulty it has reached survive a stop, to the bit, and are in the curves.
  @Test func aRandomizedTrainingIsResumedToTheBit() throws {
    let folder = try TemporaryFolder()
    let training = [
      "train", "--robot", "biped", "--set", "curriculum.start=0.1", "--set", "curriculum.raise_at=0", "--set",
      "curriculum.lower_at=0", "--set", "randomization.push=0...1", "--set", "randomization.latency=0...0.02", "--set",
      "evaluation.final_episodes=2", "--quiet",
    ]
    let run = { (more: [String]) in try Command.run(training + more, in: folder).status }
    #expect(try run(["--steps", "16384", "--run-dir", "whole"]) == 0)
    #expect(try run(["--steps", "8192", "--run-dir", "parts"]) == 0)
    #expect(try run(["--steps", "16384", "--run-dir", "parts", "--resume"]) == 0)
    #expect(try RunContents("parts", in: folder).differences(from: RunContents("whole", in: folder)) == [])
    let table = String(decoding: try folder.data("whole/progress.csv"), as: UTF8.self).split(separator: "\n")
    let column = try #require(table[0].split(separator: ",").firstIndex(of: "difficulty"))
    let difficulties = table.dropFirst().compactMap {
      Double($0.split(separator: ",", omittingEmptySubsequences: false)[column])
    }
    #expect(difficulties.first == 0.1 && difficulties == difficulties.sorted())
    #expect(try #require(difficulties.last) > 0.1)
  }
}
