import CKernels
import Environments
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Floats between two protected pages: a kernel that reads or writes past an end of them ends the process.
@safe private final class FencedFloats {
  enum Side: CaseIterable {
    /// The first number stands right behind the first fence.
    case front
    /// The last number stands right before the second fence.
    case back
  }

  private struct NoPages: Error {}

  private let pages: UnsafeMutableRawPointer
  private let length: Int
  let start: UnsafeMutablePointer<Float>
  private let count: Int

  init(_ values: [Float], at side: Side) throws {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    count = values.count
    let room = max(page, (values.count * 4 + page - 1) / page * page)
    length = room + 2 * page
    let found = unsafe mmap(nil, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let found = unsafe found, unsafe found != MAP_FAILED,
      unsafe mprotect(found + page, room, PROT_READ | PROT_WRITE) == 0
    else { throw NoPages() }
    unsafe pages = unsafe found
    let offset = page + (side == .front ? 0 : room - values.count * 4)
    unsafe start = unsafe (pages + offset).bindMemory(to: Float.self, capacity: max(count, 1))
    for i in values.indices { unsafe start[i] = values[i] }
  }

  deinit { unsafe munmap(pages, length) }

  var values: [Float] { (0..<count).map { unsafe start[$0] } }
}

/// Whether kernels keep to their rows at sizes that no vector divides. The sums themselves are other tests' business.
@Suite struct KernelBoundsTests {
  private static let kinds = [CK_IDENTITY, CK_TANH, CK_ELU, CK_RELU].map { Int32($0) }
  private static let counts = [0, 1, 2, 3, 5, 7, 8, 9, 13, 15, 16, 17, 31, 33, 63, 65, 127, 129]
  private static let shapes = [(1, 1, 1), (2, 3, 5), (7, 9, 11), (13, 17, 1), (5, 1, 33), (12, 31, 65), (25, 49, 24)]

  private func numbers(_ count: Int) -> [Float] { (0..<count).map { Float($0 % 7) / 8 - 0.25 } }

  private func fenced(_ count: Int, _ side: FencedFloats.Side) throws -> FencedFloats {
    try FencedFloats(numbers(count), at: side)
  }

  /// Calls `body` with every variant that this processor can run.
  private func forEachVariant(_ body: (ck_kernels) throws -> Void) rethrows {
    var index: Int32 = 0
    while let kernels = unsafe ck_variant(index) {
      try unsafe body(kernels.pointee)
      index += 1
    }
    #expect(index > 0)
  }

  @Test func fencesHold() async {
    await #expect(processExitsWith: .failure) {
      let floats = try FencedFloats([1, 2, 3], at: .back)
      unsafe floats.start[3] = 4
    }
    await #expect(processExitsWith: .failure) {
      let floats = try FencedFloats([1, 2, 3], at: .front)
      unsafe floats.start[0] = floats.start[-1]
    }
  }

  @Test(arguments: FencedFloats.Side.allCases)
  private func layersKeepToTheirRows(_ side: FencedFloats.Side) throws {
    for (rows, inputs, outputs) in Self.shapes {
      let (x, w, b) = (
        try fenced(rows * inputs, side), try fenced(inputs * outputs, side), try fenced(outputs, side)
      )
      let (y, dx) = (try fenced(rows * outputs, side), try fenced(rows * inputs, side))
      let (dw, db) = (try fenced(inputs * outputs, side), try fenced(outputs, side))
      try unsafe forEachVariant { kernels in
        for kind in Self.kinds {
          unsafe kernels.forward(x.start, w.start, b.start, y.start, rows, inputs, outputs, kind)
          unsafe kernels.backward_input(y.start, w.start, x.start, dx.start, rows, inputs, outputs, kind)
        }
        unsafe kernels.backward_weights(x.start, y.start, dw.start, db.start, rows, inputs, outputs)
        try #require(y.values.allSatisfy { $0.isFinite } && dx.values.allSatisfy { $0.isFinite })
      }
      let wt = try fenced(inputs * outputs, side)
      unsafe ck_transpose(w.start, wt.start, inputs, outputs)
      #expect(wt.values[0] == w.values[0] && wt.values.last == w.values.last)
    }
  }

  @Test(arguments: FencedFloats.Side.allCases)
  private func runsOfNumbersKeepToTheirEnds(_ side: FencedFloats.Side) throws {
    for count in Self.counts {
      let (x, y) = (try fenced(count, side), try fenced(count, side))
      let (first, second) = (try fenced(count, side), try FencedFloats(numbers(count).map { $0 * $0 }, at: side))
      var step = ck_adam_step(
        gradient_scale: 1, beta1: 0.9, beta2: 0.999, step_size: 0.01, second_moment_scale: 1, epsilon: 1e-8)
      unsafe forEachVariant { kernels in
        for kind in Self.kinds { unsafe kernels.activate(x.start, y.start, count, kind) }
        unsafe kernels.add(x.start, y.start, count)
        unsafe kernels.adam(y.start, first.start, second.start, x.start, count, &step)
        #expect(unsafe kernels.squared_norm(x.start, count).isFinite)
      }
      #expect(y.values.allSatisfy { $0.isFinite })
    }
  }

  /// Also where the columns that are read are a part of longer rows, whose last one ends with them.
  @Test(arguments: FencedFloats.Side.allCases)
  private func normalizersKeepToTheirColumns(_ side: FencedFloats.Side) throws {
    for columns in Self.counts.dropFirst() {
      for skipped in [0, 3] {
        let (rows, length) = (5, columns + skipped)
        let x = try fenced(rows * length, side)
        let (mean, scale, y) = (try fenced(columns, side), try fenced(columns, side), try fenced(rows * columns, side))
        unsafe forEachVariant { kernels in
          unsafe kernels.normalize(
            x.start + skipped, length, mean.start, scale.start, 10, y.start, rows, columns)
        }
        #expect(y.values.allSatisfy { abs($0) <= 10 })
      }
    }
  }

  @Test(arguments: FencedFloats.Side.allCases)
  private func networksKeepToTheirRows(_ side: FencedFloats.Side) throws {
    for (rows, inputs, outputs) in Self.shapes {
      let sizes = [inputs, 19, 8, outputs]
      let parameters = try fenced(zip(sizes, sizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }, side)
      let (x, y) = (try fenced(rows * inputs, side), try fenced(rows * outputs, side))
      let (mean, scale) = (try fenced(inputs, side), try fenced(inputs, side))
      unsafe sizes.withUnsafeBufferPointer { sizes in
        var network = unsafe ck_network(
          parameters: parameters.start, sizes: sizes.baseAddress, layers: 3, activation: Int32(CK_ELU),
          mean: mean.start, scale: scale.start, clip: 10)
        unsafe ck_evaluate(&network, x.start, inputs, y.start, rows)
      }
      #expect(y.values.allSatisfy { $0.isFinite })
    }
  }
}
