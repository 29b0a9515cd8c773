import Training

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What standard error can show.
struct Terminal: Sendable, Equatable {
  /// Whether a line can be drawn over: a terminal that is not dumb.
  var isInteractive: Bool
  /// Whether color is welcome (see no-color.org).
  var hasColor: Bool

  /// The terminal behind standard error.
  static func standardError() -> Terminal {
    let isInteractive = isatty(STDERR_FILENO) == 1 && Host.variable("TERM") != "dumb"
    return Terminal(isInteractive: isInteractive, hasColor: isInteractive && (Host.variable("NO_COLOR") ?? "").isEmpty)
  }

  /// Columns of the terminal behind standard error at this moment.
  static func width() -> Int {
    var size = winsize()
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
