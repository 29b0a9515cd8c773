import Environments
import Synchronization
import Testing

struct SlabTests {
  /// Counts those that live.
  private final class Census: Sendable {
    let living = Mutex(0)
    var count: Int { living.withLock { $0 } }
  }

  private struct Citizen: ~Copyable {
    let census: Census
    var name: Int

    init(_ name: Int, in census: Census) {
      self.census = census
      self.name = name
      census.living.withLock { $0 += 1 }
    }

    deinit { census.living.withLock { $0 -= 1 } }
  }

  @Test func elementsAreUsedWhereTheyStand() {
    let census = Census()
    do {
      var slab = Slab<Citizen>(capacity: 5)
      for name in 0..<4 { slab.append(Citizen(name, in: census)) }
      slab[2].name += 40
      #expect(slab.count == 4 && census.count == 4)
      #expect(slab[0].name == 0 && slab[1].name == 1 && slab[2].name == 42 && slab[3].name == 3)
    }
    #expect(census.count == 0)
  }

  @Test func anEmptySlabComesAndGoes() {
    let slab = Slab<Citizen>(capacity: 0)
    #expect(slab.count == 0)
  }

  @Test func elementsBeyondTheEndsAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var slab = Slab<Int>(capacity: 2)
      slab.append(1)
      print(slab[1])
    }
    await #expect(processExitsWith: .failure) {
      var slab = Slab<Int>(capacity: 1)
      for number in 0..<2 { slab.append(number) }
    }
  }
}
