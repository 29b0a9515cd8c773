import Reporting
import Robotics
import Storage
import Synchronization
import Training

#if Watch
  import Live

  /// Shows a run in the browser as long as it exists.
  package final class WatchServer: Sendable {
    private let server: LiveServer
    private let shown: Shown

    /// What is shown; nothing until a run has begun.
    private final class Shown: Sendable {
      let watcher = Mutex<RunWatcher?>(nil)
      let maker = Mutex<EpisodeRecorder?>(nil)
    }

    /// - Throws: `CommandError` if no port can be had.
    package init(at place: ServerAddress) throws {
      let shown = Shown()
      self.shown = shown
      let routes: [String: LiveServer.Route] = [
        "/": { .page(WatchPage.html) },
        "/state": {
          Self.reply { try shown.watcher.withLock { .json(try $0?.state().line ?? #"{"status":"starting"}"#) } }
        },
        "/curves": { Self.reply { try shown.watcher.withLock { .page(try $0?.curves() ?? "") } } },
        "/episode": {
          Self.reply { try shown.maker.withLock { .json(try $0?.document() ?? "null") } }
        },
      ]
      server = try Self.start(at: place, routes)
      Output.note("Watch: \(server.address)\(server.localAddress.map { " (on this machine also \($0))" } ?? "")")
    }

    /// Starts a server at a port that can be had.
    ///
    /// - Throws: `CommandError` if there is none.
    static func start(
      at place: ServerAddress, _ routes: [String: LiveServer.Route], sockets: [String: LiveSocketRoute] = [:]
    ) throws -> LiveServer {
      if let port = place.port {
        do { return try LiveServer(host: place.host, port: port, routes: routes, sockets: sockets) } catch {
          throw CommandError("\(error); name another one, or none to take one that is free")
        }
      }
      let ports = ServerAddress.defaultPort..<ServerAddress.defaultPort + ServerAddress.portTries
      for port in ports.dropLast() {
        // Another one may be free.
        if let server = try? LiveServer(host: place.host, port: port, routes: routes, sockets: sockets) {
          return server
        }
      }
      do { return try LiveServer(host: place.host, port: ports.upperBound - 1, routes: routes, sockets: sockets) } catch
      {
        throw CommandError("\(error); name a port that is free")
      }
    }

    private static func reply(_ make: () throws -> LiveReply) -> LiveReply {
      do { return try make() } catch {
        return LiveReply(JSON.object([("error", .text("\(error)"))]).line, type: "application/json", status: 500)
      }
    }

    /// Shows the run in this folder from now on.
    package func show(_ path: String, in catalog: Catalog) {
      shown.watcher.withLock { $0 = RunWatcher(path, in: catalog) }
      shown.maker.withLock { $0 = EpisodeRecorder(path, in: catalog) }
    }

    package var port: Int { server.port }

    package func close() { server.close() }
  }
#else
  /// Stands for the server where the program was built without one.
  package final class WatchServer: Sendable {
    /// - Throws: always.
    package init(at place: ServerAddress) throws {
      throw CommandError(
        "this program was built without the page to watch a training on; build it with 'swift build --traits Watch'")
    }

    package func show(_ path: String, in catalog: Catalog) {}
    package func close() {}
  }
#endif
