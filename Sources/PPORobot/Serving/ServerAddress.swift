import Learning
import Training

/// Where the page of a run is to be found.
package struct ServerAddress: Sendable, Equatable {
  /// The default place of the page.
  static let defaultHost = "127.0.0.1"
  static let defaultPort = 8080
  /// Ports that are tried from there on.
  static let portTries = 10

  /// The port's text where `--watch` names none.
  static let anyPort = "any"

  var host = defaultHost
  /// nil takes the first that is free from `defaultPort` on; 0 any that is free.
  var port: Int?

  /// Reads `--watch` or `--port`, and `--watch-host` or `--host`.
  package init(host: String?, port: String?, option: String) throws {
    self.host = host ?? Self.defaultHost
    guard let port, port != Self.anyPort else { return }
    guard let number = SettingKind.whole(port), (0...65_535).contains(number) else {
      throw CommandError("\(option) is \(quoted(port)); it must be a port from 1 to 65535, or 0 for any that is free")
    }
    self.port = number
  }
}
