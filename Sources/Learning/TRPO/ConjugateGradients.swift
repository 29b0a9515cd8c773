/// Solves A x = b for a positive definite matrix that is known by its products alone (Hestenes and Stiefel, 1952).
package struct ConjugateGradients: Sendable {
  package var iterations: Int
  /// Added to the matrix' diagonal.
  package var damping: Double

  package init(iterations: Int, damping: Double) {
    self.iterations = iterations
    self.damping = damping
  }

  /// - Parameters:
  ///   - b: the right-hand side; only `range` counts.
  ///   - product: multiplies the matrix with a vector.
  /// - Returns: x, which is 0 outside `range`, and xᵀ A x.
  package func solve(
    _ b: [Float], in range: Range<Int>, _ product: ([Float]) -> [Float]
  ) -> (vector: [Double], curvature: Double) {
    var x = Array(repeating: 0.0, count: b.count)
    var residual = x
    for i in range { residual[i] = Double(b[i]) }
    var direction = residual
    var square = dot(residual, residual)
    let enough = 1e-10 * square
    for _ in 0..<iterations where square > enough {
      let image = damped(direction, range, product)
      let length = square / dot(direction, image)
      for i in range {
        x[i] += length * direction[i]
        residual[i] -= length * image[i]
      }
      let next = dot(residual, residual)
      for i in range { direction[i] = residual[i] + next / square * direction[i] }
      square = next
    }
    return (x, dot(x, damped(x, range, product)))
  }

  private func damped(_ vector: [Double], _ range: Range<Int>, _ product: ([Float]) -> [Float]) -> [Double] {
    let image = product(vector.map { Float($0) })
    var sum = Array(repeating: 0.0, count: vector.count)
    for i in range { sum[i] = Double(image[i]) + damping * vector[i] }
    return sum
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
