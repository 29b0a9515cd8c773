#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A thread that works only with what others leave.
enum LowPriority {
  /// Makes the present thread one.
  static func enter() {
    #if canImport(Darwin)
      setpriority(PRIO_DARWIN_THREAD, 0, PRIO_DARWIN_BG)
    #else
      // On Linux 0 is the present thread, not its process.
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
    #endif
  }
}
