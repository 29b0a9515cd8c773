#if Watch
  import NIOCore
  import NIOHTTP1
  import NIOPosix
  import Synchronization

  /// A small HTTP server for those who watch: a few paths, each answered by a closure.
  ///
  /// It only answers GET and HEAD; no part of a request reaches a file system. Answers are made on two threads of low priority,
  /// a slow client does not delay others, and all that clients can make it hold is bounded: connections,
  /// bytes and requests of each, answers not yet taken (one a connection), and the time for each.
  package final class LiveServer: Sendable {
    /// Makes an answer; may take its time.
    package typealias Route = @Sendable () -> LiveReply

    /// Connections at a time.
    package static let mostConnections = 64

    private let group: MultiThreadedEventLoopGroup
    private let workers: NIOThreadPool
    /// Where a browser finds it, such as `http://127.0.0.1:8080/`; on another machine too, where it listens on all numbers.
    package let address: String
    /// Where a browser on this machine finds it, if that differs from `address`.
    package let localAddress: String?
    package let port: Int

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - host: a name or number of this machine; `0.0.0.0` and `::` mean all of them.
    ///   - port: where it listens; 0 takes any that is free.
    ///   - routes: by path, such as `/`.
    ///   - sockets: what takes WebSocket connections, by path.
    ///   - limits: what each connection may ask for.
    package init(
      host: String, port: Int, routes: [String: Route], sockets: [String: LiveSocketRoute] = [:],
      limits: ConnectionLimits = ConnectionLimits()
    ) throws {
      let workers = NIOThreadPool(numberOfThreads: 2)
      let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      let count = ConnectionCount()
      let hosts = HostCheck(name: host)
      let upgrade = SocketUpgrade(routes: sockets, hosts: hosts)
      let routes = routes.merging(upgrade.refusals) { own, _ in own }
      let bootstrap = ServerBootstrap(group: group)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
          guard let slot = ConnectionSlot(among: count, most: Self.mostConnections) else {
            return channel.eventLoop.makeFailedFuture(LiveError(description: "too many connections"))
          }
          return channel.eventLoop.makeCompletedFuture {
            try Self.prepare(
              channel.pipeline.syncOperations, limits, for: RequestHandler(routes, hosts, workers, slot), upgrade)
          }
        }
      do {
        let channel = try bootstrap.bind(host: host, port: port).wait()
        self.port = channel.localAddress?.port ?? port
      } catch {
        try? group.syncShutdownGracefully()
        throw Self.reason(error, host: host, port: port)
      }
      workers.start()
      self.group = group
      self.workers = workers
      let listensOnAll = host == "0.0.0.0" || host == "::"
      let name = listensOnAll ? MachineNames.address ?? MachineNames.host ?? "localhost" : host
      address = "http://\(name.contains(":") ? "[\(name)]" : name):\(self.port)/"
      localAddress = listensOnAll ? "http://localhost:\(self.port)/" : nil
    }

    private static func prepare(
      _ pipeline: ChannelPipeline.SynchronousOperations, _ limits: ConnectionLimits, for handler: RequestHandler,
      _ upgrade: SocketUpgrade
    ) throws {
      var decoding = NIOHTTPDecoderLimitConfiguration()
      decoding.maxHeaderFieldSize = 8_192
      decoding.maxHeaderListSize = 16_384
      decoding.maxHeaderFieldCount = 100
      try pipeline.addHandler(ByteLimit(limits))
      try pipeline.configureHTTPServerPipeline(
        withServerUpgrade: upgrade.routes.isEmpty ? nil : upgrade.configuration,
        withEncoderConfiguration: .init(),
        withDecoderLimitConfiguration: decoding)
      // In front of the handler that keeps requests until it is their turn.
      try pipeline.addHandler(
        RequestLimit(limits), position: .before(try pipeline.handler(type: HTTPServerPipelineHandler.self)))
      try pipeline.addHandler(IdleStateHandler(allTimeout: .nanoseconds(Int64(limits.idleSeconds * 1e9))))
      try pipeline.addHandler(handler)
    }

    private static func reason(_ error: any Error, host: String, port: Int) -> LiveError {
      switch (error as? IOError)?.errnoCode {
      case EADDRINUSE: LiveError(description: "port \(port) is in use")
      case EACCES: LiveError(description: "port \(port) is not for this user; ports from 1024 are")
      case EADDRNOTAVAIL: LiveError(description: "'\(host)' is not this machine")
      default: LiveError(description: "cannot listen on '\(host)', port \(port): \(error)")
      }
    }

    /// Closes all connections and gives the port back. An answer that is being made is not waited for.
    package func close() {
      try? group.syncShutdownGracefully()
      workers.shutdownGracefully { _ in }
    }
  }

  /// How many connections there are.
  final class ConnectionCount: Sendable {
    fileprivate let value = Atomic<Int>(0)
  }

  /// One connection's place among those that are counted, which is free again when nothing refers to it any more.
  final class ConnectionSlot: Sendable {
    private let count: ConnectionCount

    /// - Returns: nil if there are too many.
    init?(among count: ConnectionCount, most: Int) {
      guard count.value.add(1, ordering: .relaxed).newValue <= most else {
        count.value.subtract(1, ordering: .relaxed)
        return nil
      }
      self.count = count
    }

    deinit { count.value.subtract(1, ordering: .relaxed) }
  }
#endif
