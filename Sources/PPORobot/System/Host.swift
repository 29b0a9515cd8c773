#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The machine and its clocks.
enum Host {
  /// Processors that are switched on.
  static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Local time as `2026-07-29_14-03-22`, which sorts by age and suits a folder's name.
  static func timestamp() -> String {
    var now = time(nil)
    var local = unsafe tm()
    unsafe localtime_r(&now, &local)
    let two = { (value: Int32) in value < 10 ? "0\(value)" : "\(value)" }
    return unsafe "\(local.tm_year + 1900)-\(two(local.tm_mon + 1))-\(two(local.tm_mday))"
      + "_\(two(local.tm_hour))-\(two(local.tm_min))-\(two(local.tm_sec))"
  }
}

/// Measures the seconds that something takes.
struct Stopwatch: Sendable {
  private let start = ContinuousClock.now

  /// Seconds since the stopwatch was made.
  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
}
