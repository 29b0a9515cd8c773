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

    /// How long the last words to a client may take.
    private static let patience = TimeAmount.seconds(10)

    private let route: LiveSocketRoute
    private let socket: LiveSocket
    /// The connection is counted as long as this is kept.
    private let slot: ConnectionSlot
    /// Whether the connection is being closed: what the client sends from now on is ignored.
    private var isClosing = false

    init(_ route: LiveSocketRoute, _ socket: LiveSocket, _ slot: ConnectionSlot) {
      self.route = route
      self.socket = socket
      self.slot = slot
    }

    func handlerAdded(context: ChannelHandlerContext) { route.opened(socket) }

    func channelInactive(context: ChannelHandlerContext) {
      route.closed(socket)
      context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard !isClosing else { return }
      let frame = unwrapInboundIn(data)
      // Clients mask what they send, and no extension has been agreed on that would give these bits a meaning.
      guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return close(context, .protocolError) }
      switch frame.opcode {
      case .text where frame.fin:
        guard let text = Self.text(of: frame.unmaskedData) else { return close(context, .dataInconsistentWithMessage) }
        route.received(socket, text)
      case .ping where context.channel.isWritable:
        let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
        context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
      case .pong: break
      case .connectionClose: close(context, Self.isSound(close: frame.unmaskedData) ? .normalClosure : .protocolError)
      // No page of this server sends these: parts of a longer text, binary data, or more pings than it reads answers to.
      default: close(context, .unacceptableData)
      }
    }

    private static func text(of data: ByteBuffer) -> String? {
      String(validating: data.readableBytesView, as: UTF8.self)
    }

    /// Whether a client may close a connection with these bytes: none, or a code that is for clients to send and a text.
    private static func isSound(close data: ByteBuffer) -> Bool {
      var data = data
      guard data.readableBytes > 0 else { return true }
      guard let code: UInt16 = data.readInteger() else { return false }
      let isSound =
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
      return isSound && text(of: data) != nil
    }

    /// Says why and closes. A client that does not read is not waited for.
    private func close(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
      isClosing = true
      guard context.channel.isWritable else { return context.close(promise: nil) }
      var bytes = context.channel.allocator.buffer(capacity: 2)
      bytes.write(webSocketErrorCode: code)
      let channel = context.channel
      let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: bytes)
      context.writeAndFlush(wrapOutboundOut(frame)).whenComplete { _ in channel.close(promise: nil) }
      context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      // No bytes in either direction for too long.
      if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
#endif
