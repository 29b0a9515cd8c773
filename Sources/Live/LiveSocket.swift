#if Watch
  import NIOCore
  import NIOWebSocket
  import Synchronization

  /// What a server does with the WebSocket connections of a path. All of it is called on the server's own thread and must be
  /// quick.
  package struct LiveSocketRoute: Sendable {
    let opened: @Sendable (LiveSocket) -> Void
    let received: @Sendable (LiveSocket, String) -> Void
    let closed: @Sendable (LiveSocket) -> Void

    /// - Parameters:
    ///   - opened: a page has connected.
    ///   - received: it sent a text, which has at most `LiveSocket.longestText` bytes.
    ///   - closed: it is gone.
    package init(
      opened: @escaping @Sendable (LiveSocket) -> Void, received: @escaping @Sendable (LiveSocket, String) -> Void,
      closed: @escaping @Sendable (LiveSocket) -> Void
    ) {
      self.opened = opened
      self.received = received
      self.closed = closed
    }
  }

  /// A WebSocket connection to a page.
  package final class LiveSocket: Sendable {
    /// Bytes of a text that a page may send.
    package static let longestText = 1_024

    private let channel: any Channel
    /// Whether a text waits for the server's thread.
    private let isBusy = Atomic(false)

    init(_ channel: any Channel) { self.channel = channel }

    package var id: ObjectIdentifier { ObjectIdentifier(self) }

    /// Sends a text, unless those before it have not been taken yet: then it is dropped, so that a page that does not keep up,
    /// or has vanished, costs no memory.
    ///
    /// - Returns: whether it was sent.
    @discardableResult
    package func send(_ text: String) -> Bool {
      guard channel.isActive, channel.isWritable else { return false }
      guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
        return false
      }
      channel.eventLoop.execute { [self] in
        let frame = WebSocketFrame(fin: true, opcode: .text, data: channel.allocator.buffer(string: text))
        channel.writeAndFlush(frame, promise: nil)
        isBusy.store(false, ordering: .releasing)
      }
      return true
    }
  }

  /// The server's end of a WebSocket connection: takes texts and answers what the protocol asks for (RFC 6455, section 5.5).
  final class SocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let route: LiveSocketRoute
    private let socket: LiveSocket
    /// The connection is counted as long as this is kept.
    private let seat: Seat

    init(_ route: LiveSocketRoute, _ socket: LiveSocket, _ seat: Seat) {
      self.route = route
      self.socket = socket
      self.seat = seat
    }

    func handlerAdded(context: ChannelHandlerContext) { route.opened(socket) }

    func channelInactive(context: ChannelHandlerContext) {
      route.closed(socket)
      context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let frame = unwrapInboundIn(data)
      switch frame.opcode {
      case .text where frame.fin:
        var bytes = frame.unmaskedData
        guard let text = bytes.readString(length: bytes.readableBytes) else { return }
        route.received(socket, text)
      case .ping where context.channel.isWritable:
        let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
        context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
      case .pong: break
      case .connectionClose: close(context, .normalClosure)
      // No page of this server sends these: parts of a longer text, binary data, or more pings than it reads answers to.
      default: close(context, .unacceptableData)
      }
    }

    private func close(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
      var bytes = context.channel.allocator.buffer(capacity: 2)
      bytes.write(webSocketErrorCode: code)
      let place = NIOLoopBound(context, eventLoop: context.eventLoop)
      let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: bytes)
      context.writeAndFlush(wrapOutboundOut(frame)).whenComplete { _ in place.value.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      // No bytes in either direction for too long.
      if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
#endif
