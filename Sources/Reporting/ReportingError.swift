import Robotics

/// What cannot be shown or written, in one line that names what would be right.
public struct ReportingError: Error, Equatable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }
}

extension ReportingError {
  package static func nothingToShow(of entry: Catalog.Entry) -> ReportingError {
    ReportingError("robot '\(entry.name)' has no picture: its env has no simulated body and is no DrawnEnv")
  }
}
