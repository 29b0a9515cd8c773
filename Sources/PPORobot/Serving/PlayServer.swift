import Reporting
import Robotics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if Watch
  import Live

  /// A page on this machine alone that shows a robot at real time and lets it be steered and pushed.
  package final class PlayServer {
    /// Seconds by which the simulation may lag behind before it stops catching up.
    private static let greatestLag = 0.25

    private let session: PlaySession
    private let requests = PlayRequests()
    private let server: LiveServer

    /// - Parameters:
    ///   - port: where the page is; see `ServerAddress`.
    ///   - subtitle: what is acting here, for the page.
    /// - Throws: `CommandError` if no port can be had.
    package init(_ session: PlaySession, at place: ServerAddress, robot: String, subtitle: String) throws {
      self.session = session
      let page = WebPage.play(robot: robot, subtitle: subtitle, document: session.document)
      server = try WatchServer.start(at: place, ["/": { .page(page) }], sockets: ["/play": requests.route])
    }

    package var address: String { server.address }
    package var port: Int { server.port }

    /// Lets the robot act at real time, as long as a page is connected, until `isOver`.
    package func run(until isOver: () -> Bool) {
      var next = ContinuousClock.now
      while !isOver() {
        let now = ContinuousClock.now
        guard requests.isWatched else {
          usleep(20_000)
          next = now
          continue
        }
        if now < next {
          let wait = (next - now) / Duration.microseconds(1)
          usleep(UInt32(min(max(wait, 1), 50_000)))
          continue
        }
        if let message = session.advance(requests.pending()) { requests.send(message) }
        next += .seconds(session.interval)
        if now - next > .seconds(Self.greatestLag) { next = now }
      }
    }

    package func close() { server.close() }
  }
#else
  /// Stands for the server where the program was built without one.
  package final class PlayServer {
    package let address = ""

    /// - Throws: always.
    package init(_ session: PlaySession, at place: ServerAddress, robot: String, subtitle: String) throws {
      throw CommandError("this ppo-robot was built without its pages; build it with 'swift build --traits Watch'")
    }

    package func run(until isOver: () -> Bool) {}
    package func close() {}
  }
#endif
