#if Watch
  import NIOCore
  import NIOHTTP1
  import NIOWebSocket

  extension RequestHandler: RemovableChannelHandler {}
  extension ByteLimit: RemovableChannelHandler {}
  extension RequestLimit: RemovableChannelHandler {}

  /// Turns HTTP requests for WebSocket connections into these, where path, host and origin are right.
  struct SocketUpgrade: Sendable {
    let routes: [String: LiveSocketRoute]
    let hosts: HostCheck

    /// Answers to requests for these paths that become no WebSocket connection.
    var refusals: [String: LiveServer.Route] {
      routes.mapValues { _ in
        { .refusal(403, "This path takes WebSocket connections from this server's own pages alone.") }
      }
    }

    var configuration: NIOHTTPServerUpgradeConfiguration {
      let upgrader = NIOWebSocketServerUpgrader(
        maxFrameSize: LiveSocket.longestText,
        shouldUpgrade: { channel, head in
          guard self.allows(head) else { return channel.eventLoop.makeSucceededFuture(nil) }
          // What the client has sent already goes through the pipeline as bytes, not as requests, before anything else is
          // heard of the new protocol.
          do {
            let pipeline = channel.pipeline.syncOperations
            return try pipeline.removeHandler(pipeline.handler(type: RequestLimit.self)).map { HTTPHeaders() }
          } catch { return channel.eventLoop.makeFailedFuture(error) }
        },
        upgradePipelineHandler: { channel, head in
          channel.eventLoop.makeCompletedFuture {
            guard let route = self.route(of: head) else { throw LiveError(description: "no such path") }
            let pipeline = channel.pipeline.syncOperations
            let handler = try pipeline.handler(type: RequestHandler.self)
            try pipeline.addHandler(SocketHandler(route, LiveSocket(channel), handler.slot))
            for done in try [
              pipeline.removeHandler(handler), pipeline.removeHandler(pipeline.handler(type: ByteLimit.self)),
            ] {
              done.whenFailure { _ in channel.close(promise: nil) }
            }
          }
        })
      return (upgraders: [upgrader], completionHandler: { _ in })
    }

    private func route(of head: HTTPRequestHead) -> LiveSocketRoute? { routes[String(head.uri.prefix { $0 != "?" })] }

    /// A browser lets any page open a WebSocket connection, and sends the page's origin: pages of other servers are refused
    /// here.
    func allows(_ head: HTTPRequestHead) -> Bool {
      let (host, origin) = (head.headers["host"], head.headers["origin"])
      return head.method == .GET && route(of: head) != nil && host.count == 1 && hosts.allows(host[0])
        && origin.count == 1 && origin[0].lowercased() == "http://\(host[0].lowercased())"
    }
  }
#endif
