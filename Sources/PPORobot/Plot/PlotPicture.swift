import Learning

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// PNG pictures of plots, by rsvg-convert.
enum PlotPicture {
  /// Pixels for each unit of the SVG: sharp in print and on dense screens.
  private static let zoom = "2"

  /// - Throws: `CommandError` if rsvg-convert is missing or fails.
  static func write(svg: String, to path: String) throws {
    // A picture that breaks off must not stand where a whole one is expected.
    let partial = AtomicFile.partialPath(of: path)
    // Its leaving early shows in what it returns.
    signal(SIGPIPE, SIG_IGN)
    guard
      let converter = try ProgramPipe(["rsvg-convert", "--format", "png", "--zoom", zoom, "--output", partial])
    else {
      throw CommandError(
        ".png needs rsvg-convert, which is not installed; install it (Debian: librsvg2-bin), or give --out a name that "
          + "ends in .svg")
    }
    _ = converter.write(Array(svg.utf8))
    guard converter.finish() else {
      try? Files.remove(partial)
      throw CommandError("rsvg-convert could not write \(quoted(path)); its reason stands above, if it gave one")
    }
    try Files.move(partial, to: path)
  }
}
