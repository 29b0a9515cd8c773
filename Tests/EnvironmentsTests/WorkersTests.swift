import Environments
import Synchronization
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A number that several threads count up.
private final class Tally: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .sequentiallyConsistent) }
  func add() { count.wrappingAdd(1, ordering: .sequentiallyConsistent) }
}

/// What tells the present thread from others.
private func threadNumber() -> UInt {
  #if canImport(Darwin)
    unsafe UInt(bitPattern: pthread_self())
  #else
    UInt(pthread_self())
  #endif
}

/// How many threads have ended that held a value under `key`.
private let endedThreads = Tally()

private func noteEnd(_ value: UnsafeMutableRawPointer?) { endedThreads.add() }

/// The system calls the destructor of a key when a thread ends, and `pthread_join` returns after that.
private let key: pthread_key_t = {
  var key = pthread_key_t()
  unsafe pthread_key_create(&key) { unsafe noteEnd($0) }
  return key
}()

struct WorkersTests {
  @Test(arguments: [1, 2, 3, 7])
  func everyPieceRunsExactlyOnce(_ threads: Int) {
    let workers = Workers(threads: threads)
    #expect(workers.threads == threads)
    for count in [0, 1, 2, 3, 8, 100] {
      for _ in 0..<100 {
        let tallies = (0..<count).map { _ in Tally() }
        workers.run(count) { tallies[$0].add() }
        #expect(tallies.allSatisfy { $0.value == 1 })
      }
    }
  }

  /// Pieces that wait for one another can only end if a thread takes each: none is left asleep, all work at once.
  @Test(arguments: [2, 3, 7])
  func piecesRunAtTheSameTime(_ threads: Int) {
    let workers = Workers(threads: threads)
    for _ in 0..<20 {
      let arrived = Tally()
      workers.run(threads) { _ in
        arrived.add()
        while arrived.value < threads { sched_yield() }
      }
      #expect(arrived.value == threads)
    }
  }

  @Test func whatPiecesWroteIsSeenAfterwards() {
    let workers = Workers(threads: 3)
    let boxes = (0..<16).map { _ in Box() }
    for round in 1...500 {
      workers.run(boxes.count) { boxes[$0].value += $0 }
      #expect(boxes.indices.allSatisfy { boxes[$0].value == $0 * round })
    }
  }

  /// A box that one thread at a time uses, as the shards are.
  private final class Box: @unchecked Sendable {
    var value = 0
  }

  @Test func survivesManyTinyRuns() {
    let workers = Workers(threads: 2)
    let boxes = [Box(), Box()]
    for _ in 0..<100_000 { workers.run(2) { boxes[$0].value += 1 } }
    #expect(boxes[0].value == 100_000 && boxes[1].value == 100_000)
  }

  @Test func helpersWakeFromSleep() {
    let workers = Workers(threads: 3)
    let tally = Tally()
    for _ in 0..<20 {
      // Far longer than a helper looks for work before it sleeps.
      usleep(1_000)
      workers.run(3) { _ in tally.add() }
    }
    #expect(tally.value == 60)
  }

  @Test func worksWhenFarMoreThreadsWaitThanCoresExist() {
    let crews = (0..<6).map { _ in Workers(threads: 9) }
    let tally = Tally()
    for _ in 0..<50 {
      for pool in crews { pool.run(20) { _ in tally.add() } }
    }
    #expect(tally.value == 6 * 50 * 20)
  }

  @Test func aPieceMayUseAnotherCrew() {
    let outer = Workers(threads: 3)
    let inner = (0..<4).map { _ in Workers(threads: 2) }
    let tallies = (0..<4).map { _ in Tally() }
    for _ in 0..<50 {
      outer.run(4) { piece in
        let (pool, tally) = (inner[piece], tallies[piece])
        pool.run(5) { _ in tally.add() }
      }
    }
    #expect(tallies.allSatisfy { $0.value == 250 })
  }

  @Test(arguments: [1, 0, -3])
  func theCallerAloneIsEnough(_ threads: Int) {
    let workers = Workers(threads: threads)
    #expect(workers.threads == 1)
    let here = threadNumber()
    let elsewhere = Tally()
    workers.run(10) { _ in
      if threadNumber() != here { elsewhere.add() }
    }
    #expect(elsewhere.value == 0)
    workers.run(-1) { _ in elsewhere.add() }
    #expect(elsewhere.value == 0)
  }

  @Test func itsThreadsHaveEndedWhenItIsGone() {
    let before = endedThreads.value
    var helpers = 0
    for threads in [2, 5, 9] {
      let workers = Workers(threads: threads)
      let arrived = Tally()
      let caller = threadNumber()
      let seen = Tally()
      workers.run(threads) { _ in
        arrived.add()
        while arrived.value < threads { sched_yield() }
        guard threadNumber() != caller else { return }
        seen.add()
        unsafe pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1))
      }
      helpers += seen.value
    }
    #expect(helpers == 1 + 4 + 8)
    #expect(endedThreads.value - before == helpers)
  }

  @Test func comesAndGoesWithoutEverWorking() {
    for _ in 0..<200 { _ = Workers(threads: 4) }
  }
}
