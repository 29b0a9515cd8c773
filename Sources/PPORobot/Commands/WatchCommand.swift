import ArgumentParser
import Reporting
import Robotics
import Training

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Shows a run that another process is doing.
struct WatchCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Shows a training of another process on a page in the browser.",
    discussion: """
      Give a run directory, or a folder of 'train --seeds'. The page shows the curves as they grow, what the run doctor says, \
      and an episode of the policy of the last checkpoint. It only reads the folder and does not slow the training down. Ctrl-C (SIGINT) or SIGTERM ends it.
      """)

  @Argument(help: ArgumentHelp("A run directory, or a folder of train --seeds.", valueName: "run"))
  var run: String

  @Option(help: "The port of the page. (default: the first that is free from 8080 on)")
  var port: String?

  @Option(help: "The host name or address to listen on; 0.0.0.0 opens the page to the network.")
  var host: String = ServerAddress.defaultHost

  func run(with catalog: Catalog) throws {
    let path = Files.withoutTrailingSlash(run)
    let runs = try CurveSet.read(path).runs
    for run in runs { _ = try catalog.entry(named: run.robot) }
    let place = try ServerAddress(host: host, port: port, option: "--port")
    StopRequest.listen()
    let server = try WatchServer(at: place)
    server.show(path, in: catalog)
    while StopRequest.signal == nil { usleep(100_000) }
    server.close()
  }
}
