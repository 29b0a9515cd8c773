import Physics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Vector3 {
  /// The same direction, of length tanh(10 |v|): about 1 from 20 cm on, and with a fine resolution within a few centimeters,
  /// where a policy that normalizes meters would hardly see anything.
  var near: Vector3 { tanh(10 * length) / Swift.max(length, 1e-9) * self }
}
