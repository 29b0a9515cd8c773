import Testing
import Training

@Suite struct CheckpointScheduleTests {
  @Test func checkpointsWaitWhereTheyAreDear() {
    var schedule = CheckpointSchedule(interval: 4)
    #expect(!schedule.isDue(after: 3.9))
    #expect(schedule.isDue(after: 4))
    schedule.saved(after: 4, taking: 0.01)
    #expect(!schedule.isDue(after: 7.9))
    #expect(schedule.isDue(after: 8))
    schedule.saved(after: 8, taking: 1)
    #expect(!schedule.isDue(after: 27))
    #expect(schedule.isDue(after: 28))
  }

  @Test func checkpointsAfterEveryIterationCostWhatTheyMay() {
    var schedule = CheckpointSchedule(interval: 0, start: 10)
    schedule.saved(after: 10, taking: 5)
    #expect(schedule.isDue(after: 10))
  }

  @Test func aResumedTrainingCountsFromItsCheckpoint() {
    let schedule = CheckpointSchedule(interval: 4, start: 100)
    #expect(!schedule.isDue(after: 103.9))
    #expect(schedule.isDue(after: 104))
  }
}
