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
/// Each thread begins with pieces of its own, the same every time, because their data are still in its cache. A thread that
/// is done takes pieces of the others, so results must not depend on which thread runs a piece: each piece owns what it
/// writes. Idle threads spin for some tens of microseconds before they sleep, as a wake-up by the kernel would cost a large
/// part of a minibatch.
public final class Workers: @unchecked Sendable {
  /// How many threads work, the caller's included.
  public let threads: Int
  private let pool: ThreadPool
  private var handles: [pthread_t] = []

  /// - Parameter threads: at least 1; with 1 the caller does everything itself.
  public init(threads: Int) {
    self.threads = max(1, threads)
    pool = ThreadPool(helpers: self.threads - 1)
    for index in 0..<(self.threads - 1) {
      let start = unsafe Unmanaged.passRetained(HelperStart(pool: pool, index: index))
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
    pool.stop()
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
    pool.run(count, body)
  }
}

/// The argument of a helper thread.
private final class HelperStart: Sendable {
  let pool: ThreadPool
  let index: Int

  init(pool: ThreadPool, index: Int) {
    self.pool = pool
    self.index = index
  }
}

private func helperMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  let start = unsafe Unmanaged<HelperStart>.fromOpaque(argument).takeRetainedValue()
  start.pool.runHelper(index: start.index)
  return nil
}

/// What the threads of one `Workers` share.
///
/// `gate` packs a generation (high bits), an open flag and the number of helpers inside. A helper may enter only while
/// the gate is open; the caller closes it when no work is left and waits until the last helper is out, so it never
/// waits for one that is still asleep.
@safe private final class ThreadPool: @unchecked Sendable {
  private static let openBit: UInt64 = 1 << 15
  private static let insideMask: UInt64 = (1 << 15) - 1
  private static let generationUnit: UInt64 = 1 << 16
  /// Loads before a waiting thread begins to yield the processor, about 10 µs, and before it sleeps, about 200 µs.
  private static let (spinsBeforeYield, spinsBeforeSleep) = (10_000, 200_000)
  /// Loads between two yields.
  private static let spinsBetweenYields = 1_000

  private let gate = Atomic<UInt64>(0)
  /// For each thread, the caller first, the next of its own pieces.
  private let queues: [Queue]
  private let stopping = Atomic<Bool>(false)
  /// One for each helper.
  private let signals: [WakeSignal]
  private let callerSignal = WakeSignal()

  // Written by the caller while the gate is closed and empty, read by helpers inside.
  private var body: UnsafePointer<@Sendable (Int) -> Void>?

  init(helpers: Int) {
    signals = (0..<helpers).map { _ in WakeSignal() }
    queues = (0...helpers).map { _ in Queue() }
  }

  func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { escapable in
      unsafe withUnsafePointer(to: escapable) { pointer in
        unsafe self.body = pointer
        for (thread, queue) in queues.enumerated() {
          queue.fill(thread * count / queues.count..<(thread + 1) * count / queues.count)
        }
        let generation = (gate.load(ordering: .relaxed) & ~(Self.generationUnit - 1)) &+ Self.generationUnit
        gate.store(generation | Self.openBit, ordering: .sequentiallyConsistent)
        for signal in signals { signal.wake() }
        work(startingWith: 0)
        gate.bitwiseAnd(~Self.openBit, ordering: .sequentiallyConsistent)
        waitUntilEmpty()
        unsafe self.body = nil
      }
    }
  }

  private func work(startingWith own: Int) {
    guard let body = unsafe body else { return }
    for offset in queues.indices {
      let queue = queues[(own + offset) % queues.count]
      while let piece = queue.take() { unsafe body.pointee(piece) }
    }
  }

  private func waitUntilEmpty() {
    let isEmpty = { self.gate.load(ordering: .sequentiallyConsistent) & Self.insideMask == 0 }
    var spins = 0
    while !isEmpty() { wait(for: callerSignal, unless: isEmpty, &spins) }
  }

  /// One turn of waiting: spins at first, later yields the processor, and in the end sleeps.
  private func wait(for signal: WakeSignal, unless condition: () -> Bool, _ spins: inout Int) {
    spins += 1
    if spins >= Self.spinsBeforeSleep {
      signal.sleep(unless: condition)
    } else if spins >= Self.spinsBeforeYield, spins % Self.spinsBetweenYields == 0 {
      sched_yield()
    }
  }

  func runHelper(index: Int) {
    var seen: UInt64 = 0
    while true {
      let hasNews = {
        self.gate.load(ordering: .sequentiallyConsistent) / Self.generationUnit != seen
          || self.stopping.load(ordering: .sequentiallyConsistent)
      }
      var spins = 0
      while !hasNews() { wait(for: signals[index], unless: hasNews, &spins) }
      if stopping.load(ordering: .sequentiallyConsistent) { return }
      let current = gate.load(ordering: .sequentiallyConsistent)
      seen = current / Self.generationUnit
      guard enter(current) else { continue }
      work(startingWith: index + 1)
      let left = gate.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue
      if left & Self.insideMask == 0, left & Self.openBit == 0 { callerSignal.wake() }
    }
  }

  /// Enters if the gate is still open for the generation that was seen.
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
    for signal in signals { signal.wake() }
  }
}

/// Pieces that are still to be run; filled by one thread, emptied by any.
private final class Queue: Sendable {
  private let next = Atomic<Int>(0)
  private let end = Atomic<Int>(0)

  func fill(_ pieces: Range<Int>) {
    next.store(pieces.lowerBound, ordering: .relaxed)
    end.store(pieces.upperBound, ordering: .relaxed)
  }

  func take() -> Int? {
    let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return piece < end.load(ordering: .relaxed) ? piece : nil
  }
}

/// Lets one thread sleep until another wakes it, without lost wake-ups.
private final class WakeSignal: Sendable {
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
