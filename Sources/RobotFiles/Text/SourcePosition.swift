/// A place in a robot's file.
package struct SourcePosition: Sendable, Equatable, CustomStringConvertible {
  /// The file as it was asked for.
  package var file: String
  /// Counted from 1.
  package var line: Int
  package var column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  package var description: String { "\(file):\(line):\(column)" }
}

/// Why a robot's file cannot be used, in one line that starts with the place.
public struct RobotFileError: Error, Equatable, CustomStringConvertible {
  public let description: String

  /// An error of a place, such as `dog.urdf:118:7: <joint name="fl_kn">: 'range' must be two numbers, not '0.1'`.
  package init(_ text: String, at position: SourcePosition) {
    description = "\(position): \(text)"
  }

  /// An error of the file as a whole.
  package init(_ text: String, file: String) {
    description = "\(file): \(text)"
  }
}

/// Something in a robot's file that was approximated, ignored, corrected or guessed.
public struct RobotFileWarning: Sendable, Equatable, CustomStringConvertible {
  package let position: SourcePosition
  public let text: String

  package init(_ text: String, at position: SourcePosition) {
    self.text = text
    self.position = position
  }

  public var file: String { position.file }
  public var line: Int { position.line }
  public var description: String { "\(position): \(text)" }
}
