import Environments
import Testing

struct SymmetryTests {
  @Test func mirroringTwiceGivesBackWhatWasThere() throws {
    let symmetry = try Symmetry(
      observation: [.init(0), .init(2, sign: -1), .init(1, sign: -1), .init(3, sign: -1)], action: [.init(1), .init(0)])
    let rows: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    var once = rows
    var twice = rows
    var span = once.mutableSpan
    Symmetry.mirror(rows.span, by: symmetry.observation, into: &span)
    #expect(once == [1, -3, -2, -4, 5, -7, -6, -8])
    var back = twice.mutableSpan
    Symmetry.mirror(once.span, by: symmetry.observation, into: &back)
    #expect(twice == rows)
  }

  @Test(arguments: [
    [Symmetry.Source(1), .init(2), .init(0)], [.init(1), .init(0, sign: -1)], [.init(0, sign: 2)], [.init(3)],
  ])
  func refusesWhatDoesNotComeBack(_ sources: [Symmetry.Source]) {
    #expect(throws: EnvError.self) { try Symmetry(observation: sources, action: [.init(0)]) }
    #expect(throws: EnvError.self) { try Symmetry(observation: [.init(0)], action: sources) }
  }
}
