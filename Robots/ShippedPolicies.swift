import Models

/// The trained policy that ships for the robot called `name`, as the contents of its file; empty if there is none.
func shippedPolicy(_ name: String) -> [UInt8] {
  var count = 0
  guard let bytes = unsafe models_find(name, &count) else { return [] }
  return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
}
