#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The machine and its clocks.
package enum Host {
  /// Processors that are switched on.
  package static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// The machine in words: its processors and what they run.
  ///
  /// - Parameter kernels: which variant of the kernels they run.
  package static func description(kernels: String) -> String {
    let count = processors
    return "\(processorModel ?? "unknown processor"), \(count) \(count == 1 ? "processor" : "processors"), "
      + "\(system), \(kernels)"
  }

  #if canImport(Darwin)
    private static let system = "macOS"

    /// As the system calls it.
    private static var processorModel: String? {
      var name = [UInt8](repeating: 0, count: 256)
      var size = name.count
      guard unsafe sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 else { return nil }
      return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
    }
  #else
    private static let system = "Linux"

    /// As the system calls it; not every architecture's does.
    private static var processorModel: String? {
      guard let bytes = try? Files.read("/proc/cpuinfo", limit: 1 << 24) else { return nil }
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      guard let line = lines.first(where: { $0.hasPrefix("model name") }), let colon = line.firstIndex(of: ":") else {
        return nil
      }
      return String(line[line.index(after: colon)...].drop { $0 == " " })
    }
  #endif

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

extension Host {
  /// The present time as `2026-07-29T14:03:22.123Z`, whatever the machine's time zone.
  static func universalTime() -> String {
    let milliseconds = Int((secondsSince1970 * 1000).rounded(.down))
    var now = time_t(milliseconds / 1000)
    var parts = unsafe tm()
    unsafe gmtime_r(&now, &parts)
    let padded = { (value: Int, width: Int) in
      String(repeating: "0", count: max(0, width - String(value).count)) + String(value)
    }
    let date = unsafe [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map { padded($0, 2) }
    let clock = unsafe [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)].map { padded($0, 2) }
    return "\(date.joined(separator: "-"))T\(clock.joined(separator: ":")).\(padded(milliseconds % 1000, 3))Z"
  }

  /// Seconds since 1970 of a time that `universalTime` or, as local time, `timestamp` wrote; nil for other text.
  package static func seconds(ofTime text: String) -> Double? {
    let isUniversal = text.hasSuffix("Z")
    let numbers = text.dropLast(isUniversal ? 1 : 0).split { !$0.isNumber }.map { Int32($0) }
    guard numbers.count == (isUniversal ? 7 : 6), let year = numbers[0], let month = numbers[1], let day = numbers[2],
      let hour = numbers[3], let minute = numbers[4], let second = numbers[5], (1970...9999).contains(year)
    else { return nil }
    var parts = unsafe tm()
    unsafe (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, month - 1, day)
    unsafe (parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_isdst) = (hour, minute, second, -1)
    let whole = unsafe isUniversal ? timegm(&parts) : mktime(&parts)
    return Double(whole) + (isUniversal ? Double(numbers[6] ?? 0) / 1000 : 0)
  }

  /// Wall-clock seconds since 1970.
  package static var secondsSince1970: Double { seconds(of: CLOCK_REALTIME) }

  /// Seconds that processors have spent on this process, all its threads together.
  package static var processorSeconds: Double { seconds(of: CLOCK_PROCESS_CPUTIME_ID) }

  /// Seconds that processors have spent on the present thread.
  package static var threadSeconds: Double { seconds(of: CLOCK_THREAD_CPUTIME_ID) }

  private static func seconds(of clock: clockid_t) -> Double {
    var now = timespec()
    unsafe clock_gettime(clock, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }

  /// A variable of the process's environment; nil where it is not set.
  package static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// The machine's own name, as its network knows it.
  package static var name: String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
