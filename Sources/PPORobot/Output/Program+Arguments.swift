import Training

extension Program {
  /// The arguments behind the program's name.
  ///
  /// - Throws: `CommandError` for one that is not UTF-8: it could only be read as another one, such as another path.
  static func arguments() throws -> [String] {
    var arguments: [String] = []
    for i in 1..<max(1, Int(CommandLine.argc)) {
      guard let start = unsafe CommandLine.unsafeArgv[i] else { continue }
      guard let text = unsafe String(validatingCString: start) else {
        throw CommandError(
          "argument \(i), \(quoted(unsafe String(cString: start))), is not UTF-8 text; names of files and folders must be"
        )
      }
      arguments.append(text)
    }
    return arguments
  }
}
