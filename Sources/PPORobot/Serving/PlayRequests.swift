import Reporting

#if Watch
  import Live
  import Robotics
  import Synchronization

  /// Keeps what pages ask for until the simulation takes it, and sends pages what the simulation shows.
  ///
  /// It keeps the last velocity, a few pushes and the connections, and so never grows with what pages send.
  final class PlayRequests: Sendable {
    /// Pushes that can wait for a control step.
    static let mostPushes = 8

    private let state = Mutex(State())

    private struct State {
      var sockets: [ObjectIdentifier: LiveSocket] = [:]
      /// The requested velocity that has not been applied yet.
      var steering: Steering?
      /// Which page steers.
      var driver: ObjectIdentifier?
      var pushes: [PlayRequest] = []
      var isToRestart = false
    }

    /// What takes the pages' connections.
    var route: LiveSocketRoute {
      LiveSocketRoute(
        opened: { socket in self.state.withLock { $0.sockets[socket.id] = socket } },
        received: { socket, text in self.take(text, from: socket.id) },
        closed: { socket in
          self.state.withLock {
            $0.sockets[socket.id] = nil
            // Without a driver the commanded velocity is zero.
            if $0.driver == socket.id { ($0.driver, $0.steering) = (nil, .standing) }
          }
        })
    }

    private func take(_ text: String, from page: ObjectIdentifier) {
      guard let request = PlayRequest(text) else { return }
      state.withLock {
        switch request {
        case .steer(let steering): ($0.driver, $0.steering) = (page, steering)
        case .push: if $0.pushes.count < Self.mostPushes { $0.pushes.append(request) }
        case .restart: $0.isToRestart = true
        }
      }
    }

    /// Whether a page is connected.
    var isWatched: Bool { state.withLock { !$0.sockets.isEmpty } }

    /// The requests since the last call.
    func pending() -> [PlayRequest] {
      state.withLock {
        var requests = $0.isToRestart ? [PlayRequest.restart] : []
        if let steering = $0.steering { requests.append(.steer(steering)) }
        requests += $0.pushes
        ($0.isToRestart, $0.steering, $0.pushes) = (false, nil, [])
        return requests
      }
    }

    /// Sends a message to all pages that keep up.
    func send(_ message: String) {
      let sockets = state.withLock { Array($0.sockets.values) }
      for socket in sockets { socket.send(message) }
    }
  }
#endif
