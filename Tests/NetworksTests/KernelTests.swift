import CKernels
import Environments
import Testing

/// One variant of the kernels, called with arrays.
@safe private struct Variant {
  let name: String
  let kernels: ck_kernels

  static var all: [Variant] {
    var found: [Variant] = []
    while let kernels = unsafe ck_variant(Int32(found.count)) {
      let name = unsafe String(cString: kernels.pointee.name)
      unsafe found.append(Variant(name: name, kernels: kernels.pointee))
    }
    return found
  }

  /// Those that must agree to the bit.
  static var fused: [Variant] { all.filter { $0.name != "plain" } }

  func forward(_ x: [Float], _ w: [Float], _ b: [Float], _ shape: Shape, _ activation: Int) -> [Float] {
    // A guard behind the end must stay as it is.
    var y = [Float](repeating: 7, count: shape.rows * shape.outputs + 1)
    unsafe kernels.forward(x, w, b, &y, shape.rows, shape.inputs, shape.outputs, Int32(activation))
    #expect(y.removeLast() == 7)
    return y
  }

  func backwardInput(_ dy: [Float], _ wt: [Float], _ x: [Float], _ shape: Shape, _ activation: Int) -> [Float] {
    var dx = [Float](repeating: 7, count: shape.rows * shape.inputs + 1)
    unsafe kernels.backward_input(dy, wt, x, &dx, shape.rows, shape.inputs, shape.outputs, Int32(activation))
    #expect(dx.removeLast() == 7)
    return dx
  }

  func backwardWeights(_ x: [Float], _ dy: [Float], _ dw: [Float], _ db: [Float], _ shape: Shape) -> [Float] {
    var (dw, db) = (dw + [7], db + [7])
    unsafe kernels.backward_weights(x, dy, &dw, &db, shape.rows, shape.inputs, shape.outputs)
    #expect(dw.removeLast() == 7 && db.removeLast() == 7)
    return dw + db
  }

  func activate(_ x: [Float], _ activation: Int) -> [Float] {
    var y = x
    unsafe kernels.activate(x, &y, x.count, Int32(activation))
    return y
  }
}

private struct Shape {
  var rows: Int
  var inputs: Int
  var outputs: Int

  /// Tile sizes, their neighbors, and what chance brings.
  static func random(count: Int, using random: inout Random) -> [Shape] {
    let edges = [1, 2, 3, 4, 5, 7, 8, 11, 12, 13, 15, 16, 17, 24, 31, 32, 33, 47, 48, 49, 63, 64, 65]
    return (0..<count).map { _ in
      let pick = { (random: inout Random) in edges[random.index(below: edges.count)] }
      return Shape(rows: pick(&random), inputs: pick(&random), outputs: pick(&random))
    } + [Shape(rows: 300, inputs: 36, outputs: 64), Shape(rows: 600, inputs: 70, outputs: 9)]
  }
}

private func numbers(_ count: Int, _ random: inout Random) -> [Float] {
  (0..<count).map { _ in Float(random.uniform(-1...1)) }
}

private func expectClose(_ found: [Float], _ wanted: [Double], within tolerance: Double, _ what: String) {
  #expect(found.count == wanted.count)
  var worst = 0.0
  for i in found.indices { worst = max(worst, abs(Double(found[i]) - wanted[i])) }
  #expect(worst < tolerance, "\(what): off by \(worst)")
}

private func activation(_ x: Double, _ kind: Int) -> Double {
  switch kind {
  case CK_TANH: tanhSeries(x)
  case CK_ELU: x > 0 ? x : expSeries(x) - 1
  case CK_RELU: max(x, 0)
  default: x
  }
}

/// The derivative, computed from the activation's value.
private func slope(_ y: Double, _ kind: Int) -> Double {
  switch kind {
  case CK_TANH: 1 - y * y
  case CK_ELU: y > 0 ? 1 : y + 1
  case CK_RELU: y > 0 ? 1 : 0
  default: 1
  }
}

/// eˣ by halving the argument until its Taylor series converges quickly.
private func expSeries(_ x: Double) -> Double {
  var (halvings, y) = (0, x)
  while abs(y) > 0.125 {
    y /= 2
    halvings += 1
  }
  var (sum, term) = (1.0, 1.0)
  for n in 1..<14 {
    term *= y / Double(n)
    sum += term
  }
  for _ in 0..<halvings { sum *= sum }
  return sum
}

private func tanhSeries(_ x: Double) -> Double {
  if abs(x) < 0.01 { return x - x * x * x / 3 + 2 * x * x * x * x * x / 15 }
  let e = expSeries(2 * min(max(x, -20), 20))
  return (e - 1) / (e + 1)
}

@Suite struct KernelTests {
  private static let kinds = [CK_IDENTITY, CK_TANH, CK_ELU, CK_RELU].map { Int($0) }

  @Test func forwardIsAPlainDoubleLoop() {
    var random = Random(seed: 1)
    for shape in Shape.random(count: 60, using: &random) {
      let x = numbers(shape.rows * shape.inputs, &random)
      let w = numbers(shape.inputs * shape.outputs, &random)
      let b = numbers(shape.outputs, &random)
      for kind in Self.kinds {
        var wanted: [Double] = []
        for r in 0..<shape.rows {
          for o in 0..<shape.outputs {
            var sum = Double(b[o])
            for i in 0..<shape.inputs { sum += Double(x[r * shape.inputs + i]) * Double(w[i * shape.outputs + o]) }
            wanted.append(activation(sum, kind))
          }
        }
        for variant in Variant.all {
          expectClose(variant.forward(x, w, b, shape, kind), wanted, within: 2e-5, "\(variant.name) \(shape) \(kind)")
        }
        let fused = Variant.fused.map { $0.forward(x, w, b, shape, kind) }
        #expect(fused.allSatisfy { $0 == fused[0] }, "\(shape)")
      }
    }
  }

  @Test(arguments: [29, 16, 8, 3, 1])
  func aRowDoesNotDependOnTheOthers(outputs: Int) {
    var random = Random(seed: 2)
    let shape = Shape(rows: 67, inputs: 37, outputs: outputs)
    let x = numbers(shape.rows * shape.inputs, &random)
    let w = numbers(shape.inputs * shape.outputs, &random)
    let b = numbers(shape.outputs, &random)
    for variant in Variant.all {
      let together = variant.forward(x, w, b, shape, Int(CK_TANH))
      for count in [1, 2, 5, 13, 30] {
        var apart: [Float] = []
        for start in stride(from: 0, to: shape.rows, by: count) {
          let end = min(start + count, shape.rows)
          let part = Shape(rows: end - start, inputs: shape.inputs, outputs: shape.outputs)
          apart += variant.forward(Array(x[start * shape.inputs..<end * shape.inputs]), w, b, part, Int(CK_TANH))
        }
        #expect(apart == together, "\(variant.name), \(count) rows at a time")
      }
    }
  }

  @Test func backwardIsAPlainDoubleLoop() {
    var random = Random(seed: 3)
    for shape in Shape.random(count: 60, using: &random) {
      let (rows, inputs, outputs) = (shape.rows, shape.inputs, shape.outputs)
      let x = numbers(rows * inputs, &random)
      let dy = numbers(rows * outputs, &random)
      let w = numbers(inputs * outputs, &random)
      var wt = w
      unsafe ck_transpose(w, &wt, inputs, outputs)
      for kind in Self.kinds {
        var wanted: [Double] = []
        for r in 0..<rows {
          for i in 0..<inputs {
            var sum = 0.0
            for o in 0..<outputs { sum += Double(dy[r * outputs + o]) * Double(w[i * outputs + o]) }
            wanted.append(sum * slope(Double(x[r * inputs + i]), kind))
          }
        }
        let found = Variant.all.map { $0.backwardInput(dy, wt, x, shape, kind) }
        for dx in found { expectClose(dx, wanted, within: 2e-5, "\(shape) \(kind)") }
        #expect(zip(found, Variant.all).allSatisfy { $0 == found[0] || $1.name == "plain" })
      }
      let (dw, db) = (numbers(inputs * outputs, &random), numbers(outputs, &random))
      var wanted = (dw + db).map { Double($0) }
      for r in 0..<rows {
        for o in 0..<outputs {
          for i in 0..<inputs { wanted[i * outputs + o] += Double(x[r * inputs + i]) * Double(dy[r * outputs + o]) }
          wanted[inputs * outputs + o] += Double(dy[r * outputs + o])
        }
      }
      let found = Variant.all.map { $0.backwardWeights(x, dy, dw, db, shape) }
      for gradient in found { expectClose(gradient, wanted, within: 2e-4, "\(shape)") }
      #expect(zip(found, Variant.all).allSatisfy { $0 == found[0] || $1.name == "plain" })
    }
  }

  @Test(arguments: [Int(CK_TANH), Int(CK_ELU)])
  func activationsAreAccurate(kind: Int) {
    var x: [Float] = [0, -0.0, 1e-30, -1e-30, 30, -30, 200, -200, 3e38, -3e38]
    for i in 0..<200_001 { x.append(Float(i - 100_000) * 1.2e-4) }
    for i in 0..<20_001 { x.append(Float(i - 10_000) * 1e-7) }
    for variant in Variant.all {
      let y = variant.activate(x, kind)
      var worst = 0.0
      for (x, y) in zip(x, y) where abs(x) > 1e-7 {
        let wanted = activation(Double(x), kind)
        worst = max(worst, abs(Double(y) - wanted) / max(abs(wanted), 1e-30))
      }
      #expect(worst < 4e-7, "\(variant.name): \(worst)")
      if kind == CK_TANH { #expect(y.allSatisfy { abs($0) <= 1 }) }
      #expect(y[0] == 0 && y[1] == 0)
      #expect(variant.activate([.nan, .infinity, -.infinity], kind)[0].isNaN)
    }
    let fused = Variant.fused.map { $0.activate(x, kind) }
    #expect(fused.allSatisfy { $0 == fused[0] })
  }

  @Test func notANumberPassesThrough() {
    for variant in Variant.all {
      for kind in Self.kinds {
        let shape = Shape(rows: 3, inputs: 2, outputs: 5)
        let y = variant.forward([1, 1, .nan, 1, 1, 1], Array(repeating: 1, count: 10), [0, 0, 0, 0, 0], shape, kind)
        #expect(y[5..<10].allSatisfy(\.isNaN) && y[0..<5].allSatisfy(\.isFinite) && y[10...].allSatisfy(\.isFinite))
      }
    }
  }

  @Test func transposingSwapsRowsAndColumns() {
    var random = Random(seed: 6)
    for (rows, columns) in [(0, 3), (1, 1), (7, 9), (8, 8), (16, 8), (17, 33), (64, 5)] {
      let (mRow, tRow) = (columns + 3, rows + 2)
      let m = numbers(rows * mRow, &random)
      for variant in Variant.all {
        var t = [Float](repeating: 7, count: columns * tRow)
        unsafe variant.kernels.transpose(m, mRow, rows, columns, &t, tRow)
        for r in 0..<tRow {
          for c in 0..<columns { #expect(t[c * tRow + r] == (r < rows ? m[r * mRow + c] : 7)) }
        }
      }
    }
  }

  @Test func adamStepsAgree() {
    var random = Random(seed: 4)
    for count in [1, 7, 8, 15, 16, 17, 100] {
      let (p, m, g) = (numbers(count, &random), numbers(count, &random), numbers(count, &random))
      let v = numbers(count, &random).map { $0 * $0 }
      var step = ck_adam_step(
        gradient_scale: 0.5, beta1: 0.9, beta2: 0.999, step_size: 0.01, second_moment_scale: 1.3, epsilon: 1e-8)
      var results: [[Float]] = []
      for variant in Variant.all {
        var (p1, m1, v1) = (p, m, v)
        unsafe variant.kernels.adam(&p1, &m1, &v1, g, count, &step)
        let wanted = (0..<count).map { i in
          let gradient = 0.5 * Double(g[i])
          let first = 0.9 * Double(m[i]) + 0.1 * gradient
          let second = 0.999 * Double(v[i]) + 0.001 * gradient * gradient
          return Double(p[i]) - 0.01 * first / (second.squareRoot() * 1.3 + 1e-8)
        }
        for i in 0..<count { #expect(abs(Double(p1[i]) - wanted[i]) < 1e-5 * max(1, abs(wanted[i]))) }
        if variant.name != "plain" { results.append(p1 + m1 + v1) }
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
  }

  @Test func sumsAgree() {
    var random = Random(seed: 5)
    for count in [0, 1, 7, 8, 9, 1000, 1003] {
      let x = numbers(count, &random)
      let wanted = x.reduce(0) { $0 + Double($1) * Double($1) }
      let norms = Variant.all.map { unsafe $0.kernels.squared_norm(x, count) }
      for norm in norms { #expect(abs(norm - wanted) <= 1e-12 * wanted && norm == norms[0]) }
      for variant in Variant.all {
        var y = x
        unsafe variant.kernels.add(x, &y, count)
        #expect(y == x.map { $0 + $0 })
      }
    }
  }

  @Test func thePeakDoesWhatItCounts() {
    for variant in Variant.all {
      var (once, twice): (Float, Float) = (1, 1)
      let operations = unsafe variant.kernels.saturate(50, &once)
      #expect(operations >= 50 * 2 * 4 && operations == operations.rounded())
      #expect(unsafe variant.kernels.saturate(100, &twice) == 2 * operations)
      // Every chain has settled at 1 by then: what is left over is the number of chains times lanes.
      #expect(once == twice && once > 40 && once == once.rounded())
    }
  }
}
