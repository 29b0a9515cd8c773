import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A few threads that run numbered pieces of work together and wait for each other.
///
/// A piece goes to whichever thread is free, so results must not depend on who does what; ours do not, because each
/// piece owns what it writes. The threads look for work for some tens of microseconds before they sleep: a kernel
/// wake-up costs more than a minibatch can bear.
public final class Workers: @unchecked Sendable {
  /// How many threads work, the caller's included.
  public let threads: Int
  private let crew: Crew
  private var handles: [pthread_t] = []

  /// - Parameter threads: at least 1; with 1 the caller does everything itself.
  public init(threads: Int) {
    self.threads = max(1, threads)
    crew = Crew(helpers: self.threads - 1)
    for index in 0..<(self.threads - 1) {
      let start = unsafe Unmanaged.passRetained(HelperStart(crew: crew, index: index))
      #if canImport(Darwin)
        var handle: pthread_t?
        let code = unsafe pthread_create(&handle, nil, { unsafe helperMain($0) }, start.toOpaque())
        if code == 0, let handle = unsafe handle { unsafe handles.append(handle) } else { unsafe start.release() }
      #else
        var handle = pthread_t()
        let code = unsafe pthread_create(&handle, nil, helperMain, start.toOpaque())
        if code == 0 { handles.append(handle) } else { unsafe start.release() }
      #endif
    }
  }

  deinit {
    crew.stop()
    for handle in handles { pthread_join(handle, nil) }
  }

  /// Calls `body` once for each number in `0..<count`, spread over the threads, and returns when all calls have.
  ///
  /// Calls of `run` on the same object must not overlap.
  public func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    guard count > 1, !handles.isEmpty else {
      for index in 0..<max(0, count) { body(index) }
      return
    }
    crew.run(count, body)
  }
}

/// What a helper thread is told when it starts.
private final class HelperStart: Sendable {
  let crew: Crew
  let index: Int

  init(crew: Crew, index: Int) {
    self.crew = crew
    self.index = index
  }
}

private func helperMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  let start = unsafe Unmanaged<HelperStart>.fromOpaque(argument).takeRetainedValue()
  start.crew.help(index: start.index)
  return nil
}

/// The meeting place of the threads of one `Workers`.
///
/// `gate` packs a generation (high bits), an open flag and the number of helpers inside. A helper may enter only while
/// the gate is open; the caller closes it when no work is left and waits until the last helper is out, so it never
/// waits for one that is still asleep.
@safe private final class Crew: @unchecked Sendable {
  private static let openBit: UInt64 = 1 << 15
  private static let insideMask: UInt64 = (1 << 15) - 1
  private static let generationUnit: UInt64 = 1 << 16
  /// Loads before a thread sleeps: about 20 to 40 µs.
  private static let spins = 20_000

  private let gate = Atomic<UInt64>(0)
  private let nextPiece = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  /// 1 while the thread sleeps or is about to; whoever exchanges it to 0 owes a `signal`.
  private let beds: [Bed]
  private let callerBed = Bed()

  // Written by the caller while the gate is closed and empty, read by helpers inside.
  private var pieces = 0
  private var body: UnsafePointer<@Sendable (Int) -> Void>?

  init(helpers: Int) {
    beds = (0..<helpers).map { _ in Bed() }
  }

  func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { escapable in
      unsafe withUnsafePointer(to: escapable) { pointer in
        pieces = count
        unsafe self.body = pointer
        nextPiece.store(0, ordering: .relaxed)
        let generation = (gate.load(ordering: .relaxed) & ~(Self.generationUnit - 1)) &+ Self.generationUnit
        gate.store(generation | Self.openBit, ordering: .sequentiallyConsistent)
        for bed in beds { bed.wake() }
        work()
        gate.bitwiseAnd(~Self.openBit, ordering: .sequentiallyConsistent)
        waitUntilEmpty()
        unsafe self.body = nil
      }
    }
  }

  private func work() {
    guard let body = unsafe body else { return }
    while true {
      let piece = nextPiece.wrappingAdd(1, ordering: .relaxed).oldValue
      guard piece < pieces else { return }
      unsafe body.pointee(piece)
    }
  }

  private func waitUntilEmpty() {
    let isEmpty = { self.gate.load(ordering: .sequentiallyConsistent) & Self.insideMask == 0 }
    for _ in 0..<Self.spins where isEmpty() { return }
    while !isEmpty() { callerBed.sleep(unless: isEmpty) }
  }

  func help(index: Int) {
    var seen: UInt64 = 0
    while true {
      let hasNews = {
        self.gate.load(ordering: .sequentiallyConsistent) / Self.generationUnit != seen
          || self.stopping.load(ordering: .sequentiallyConsistent)
      }
      var spins = 0
      while !hasNews() {
        spins += 1
        if spins >= Self.spins { beds[index].sleep(unless: hasNews) }
      }
      if stopping.load(ordering: .sequentiallyConsistent) { return }
      let current = gate.load(ordering: .sequentiallyConsistent)
      seen = current / Self.generationUnit
      guard enter(current) else { continue }
      work()
      let left = gate.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue
      if left & Self.insideMask == 0, left & Self.openBit == 0 { callerBed.wake() }
    }
  }

  /// Goes in if the gate is still open for the generation that was seen.
  private func enter(_ seen: UInt64) -> Bool {
    var expected = seen
    while expected & Self.openBit != 0, expected / Self.generationUnit == seen / Self.generationUnit {
      let (exchanged, original) = gate.compareExchange(
        expected: expected, desired: expected + 1, ordering: .sequentiallyConsistent)
      if exchanged { return true }
      expected = original
    }
    return false
  }

  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    for bed in beds { bed.wake() }
  }
}

/// A place for one thread to sleep until another wakes it, without lost wake-ups.
private final class Bed: Sendable {
  private let isAsleep = Atomic<Bool>(false)
  private let semaphore = Semaphore()

  /// Sleeps until woken, or returns at once if `condition` holds already.
  func sleep(unless condition: () -> Bool) {
    isAsleep.store(true, ordering: .sequentiallyConsistent)
    if condition(), isAsleep.exchange(false, ordering: .sequentiallyConsistent) { return }
    semaphore.wait()
  }

  func wake() {
    if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { semaphore.signal() }
  }
}

#if canImport(Darwin)
  import Dispatch

  private final class Semaphore: @unchecked Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func wait() { semaphore.wait() }
    func signal() { semaphore.signal() }
  }
#else
  @safe private final class Semaphore: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { unsafe sem_init(semaphore, 0, 0) }

    deinit {
      unsafe sem_destroy(semaphore)
      unsafe semaphore.deallocate()
    }

    func wait() { while unsafe sem_wait(semaphore) != 0 {} }
    func signal() { unsafe sem_post(semaphore) }
  }
#endif
