#if Watch
  import NIOCore
  import NIOHTTP1

  /// What one connection may ask of the server.
  package struct ConnectionLimits: Sendable {
    /// Bytes that a client may send before the next answer; a browser's request has less than a tenth.
    package var bytes = 32_768
    /// Requests that may wait for their answers, the one being answered included.
    package var waitingRequests = 16
    /// Seconds within which the next request must have arrived in full.
    package var requestSeconds = 60.0
    /// Seconds within which an answer must have been taken in full.
    package var answerSeconds = 600.0
    /// Seconds without a byte in either direction after which the connection is closed.
    package var idleSeconds = 60.0

    package init() {}
  }

  /// Closes a connection that sends more than a request can hold without completing one.
  final class ByteLimit: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData

    private let most: Int
    /// Since the last answer.
    private var count = 0

    init(_ limits: ConnectionLimits) { most = limits.bytes }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      count += unwrapInboundIn(data).readableBytes
      guard count <= most else { return context.close(promise: nil) }
      context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      count = 0
      context.write(data, promise: promise)
    }
  }

  /// Closes a connection on which too many requests wait for their answers, or a request or an answer takes too long.
  final class RequestLimit: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart

    private let limits: ConnectionLimits
    /// Requests that have arrived in full and are not answered in full.
    private var waiting = 0
    private var deadline: Scheduled<Void>?

    init(_ limits: ConnectionLimits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) { setDeadline(in: context) }
    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      if case .end = unwrapInboundIn(data) {
        waiting += 1
        guard waiting <= limits.waitingRequests else { return context.close(promise: nil) }
        if waiting == 1 { setDeadline(in: context) }
      }
      context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      if case .end = unwrapOutboundIn(data) {
        waiting = max(0, waiting - 1)
        setDeadline(in: context)
      }
      context.write(data, promise: promise)
    }

    /// Closes the connection unless what is awaited has come by then.
    private func setDeadline(in context: ChannelHandlerContext) {
      deadline?.cancel()
      let seconds = waiting > 0 ? limits.answerSeconds : limits.requestSeconds
      let place = NIOLoopBound(context, eventLoop: context.eventLoop)
      deadline = context.eventLoop.scheduleTask(in: .nanoseconds(Int64(seconds * 1e9))) {
        place.value.close(promise: nil)
      }
    }
  }
#endif
