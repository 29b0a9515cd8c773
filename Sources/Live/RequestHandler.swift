#if Watch
  import NIOCore
  import NIOHTTP1
  import NIOPosix
  import NIOWebSocket

  /// One connection: reads requests and has them answered, one after the other.
  ///
  /// The next request is read when the last answer has been handed to the operating system, so that a client that
  /// does not read makes the server keep one answer and no more.
  final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let routes: [String: LiveServer.Route]
    private let hosts: HostCheck
    private let workers: NIOThreadPool
    let slot: ConnectionSlot
    private var head: HTTPRequestHead?

    init(_ routes: [String: LiveServer.Route], _ hosts: HostCheck, _ workers: NIOThreadPool, _ slot: ConnectionSlot) {
      self.routes = routes
      self.hosts = hosts
      self.workers = workers
      self.slot = slot
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): self.head = head
      // Requests of pages have no body.
      case .body: break
      case .end:
        guard let head else { return }
        self.head = nil
        answer(head, in: context)
      }
    }

    private func answer(_ head: HTTPRequestHead, in context: ChannelHandlerContext) {
      guard head.headers["host"].count == 1, hosts.allows(head.headers["host"][0]) else {
        return send(.refusal(421, "This server answers requests to this machine alone."), to: head, in: context)
      }
      guard head.method == .GET || head.method == .HEAD else {
        return send(.refusal(405, "Only GET and HEAD are supported."), to: head, in: context)
      }
      let path = String(head.uri.prefix { $0 != "?" })
      guard let route = routes[path] else {
        return send(.refusal(404, "Not found."), to: head, in: context)
      }
      // The work is done elsewhere, so that other connections need not wait for it.
      let (handler, place) = (
        NIOLoopBound(self, eventLoop: context.eventLoop), NIOLoopBound(context, eventLoop: context.eventLoop)
      )
      let (channel, slot) = (context.channel, slot)
      workers.runIfActive(eventLoop: context.eventLoop) {
        // A client that asks and leaves keeps its connection slot until it is served, so that few such requests can wait.
        try withExtendedLifetime(slot) {
          guard channel.isActive else { throw ChannelError.ioOnClosedChannel }
          LowPriority.enter()
          return route()
        }
      }.whenComplete { result in
        let reply = (try? result.get()) ?? .refusal(503, "This server is closing.")
        handler.value.send(reply, to: head, in: place.value)
      }
    }

    private func send(_ reply: LiveReply, to head: HTTPRequestHead, in context: ChannelHandlerContext) {
      let headers: HTTPHeaders = [
        "Content-Type": reply.type, "Content-Length": "\(reply.bytes.count)", "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
          + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      ]
      let status = HTTPResponseStatus(statusCode: reply.status)
      context.write(
        wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
      let body = context.channel.allocator.buffer(bytes: head.method == .HEAD ? [] : reply.bytes)
      let isLast = !head.isKeepAlive
      let (handler, place) = (
        NIOLoopBound(self, eventLoop: context.eventLoop), NIOLoopBound(context, eventLoop: context.eventLoop)
      )
      // The end has no bytes of its own; the pipeline reads on when it is written.
      context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(body)))).whenSuccess {
        let end = handler.value.wrapOutboundOut(.end(nil))
        place.value.writeAndFlush(end).whenComplete { _ in
          if isLast { place.value.close(promise: nil) }
        }
      }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      // Silence for too long, or an answer that is not taken.
      if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      // A refused WebSocket request gets an HTTP answer like any other request.
      if error is NIOWebSocketUpgradeError { return }
      context.close(promise: nil)
    }
  }
#endif
